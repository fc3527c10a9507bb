/** What one recipient's group of a delivery report (RFC 3464) says. */
export interface ReportedRecipient {
  /** Original or final recipient, lower case; only compared, never kept. */
  address: string | null;
  action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';
  /** Enhanced status code (RFC 3463), e.g. `5.1.1`; `4.0.0` or `5.0.0` where the report has none. */
  status: string;
}

/**
 * `hard`: refused for good. `soft`: given up for reasons that are not the address's (it may work tomorrow). `delayed`: still
 * being tried. `delivered`: arrived.
 */
export type ReportKind = 'hard' | 'soft' | 'delayed' | 'delivered';

export interface ReportVerdict {
  kind: ReportKind;
  status: string;
  /** Nothing more is to be sent to this address until a person has looked at it. */
  marksAddress: boolean;
}

const ACTIONS = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const;

/** Reads a `message/delivery-status` part. @returns one entry for each recipient's group that can be read */
export function readDeliveryStatus(text: string): ReportedRecipient[] {
  const groups = text
    .replaceAll('\r\n', '\n')
    .replaceAll(/\n[ \t]+/g, ' ')
    .split(/\n\s*\n/)
    .map(fieldsOf);
  return groups.flatMap((fields) => {
    const action = ACTIONS.find((known) => known === fields.get('action')?.toLowerCase());
    if (!action) return [];
    const address = addressIn(fields.get('original-recipient')) ?? addressIn(fields.get('final-recipient'));
    const fallback = action === 'failed' ? '5.0.0' : '4.0.0';
    const status = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(fields.get('status') ?? '')?.[0] ?? fallback;
    return [{ address, action, status }];
  });
}

/**
 * A report may speak of several recipients, because a mailbox was expanded to its members: what it says of our own address
 * counts; where that is not named, the mail is lost only when no member got it.
 *
 * @param isOurs whether the mail went to this address
 * @returns null when there is nothing to conclude
 */
export function verdictOn(
  recipients: readonly ReportedRecipient[],
  isOurs: (address: string) => boolean,
): ReportVerdict | null {
  const own = recipients.filter(({ address }) => address !== null && isOurs(address));
  const groups = own.length > 0 ? own : recipients;
  const arrived = groups.find(
    ({ action }) => action === 'delivered' || action === 'relayed' || action === 'expanded',
  );
  if (arrived) return { kind: 'delivered', status: arrived.status, marksAddress: false };
  const waiting = groups.find(({ action }) => action === 'delayed');
  if (waiting) return { kind: 'delayed', status: waiting.status, marksAddress: false };
  const soft = groups.find(({ status }) => !status.startsWith('5.'));
  if (soft) return { kind: 'soft', status: soft.status, marksAddress: false };
  const [hard] = groups;
  return hard ? { kind: 'hard', status: hard.status, marksAddress: isAddressFault(hard.status) } : null;
}

/**
 * RFC 3463: a full mailbox (x.2.2), a system's own trouble (x.3.*), the network and routes (x.4.*: a mail server that was down all
 * weekend), content (x.6.*) and policy (x.7.*) are refusals of this mail now. Marking the address for them would let one misconfigured
 * relay switch off every contact of a county. 5.4.1 is what Exchange Online says of a recipient that it does not know ("Access denied").
 */
export function isAddressFault(status: string): boolean {
  return status.startsWith('5.') && !/^5\.(2\.2|2\.3|3\.\d+|4\.(?!1$)\d+|6\.\d+|7\.\d+)$/.test(status);
}

/** Exim without RFC 3464 parts: the recipients in a header, the reply in the text. */
export function readFailedRecipients(header: string, text: string): ReportedRecipient[] {
  const status =
    /\b(5\.\d{1,3}\.\d{1,3})\b/.exec(text)?.[1] ?? (/\b5\d\d[ -]/.test(text) ? '5.0.0' : '4.0.0');
  return header
    .split(',')
    .map((address) => address.trim().toLowerCase())
    .filter(Boolean)
    .map((address) => ({ address, action: 'failed' as const, status }));
}

function fieldsOf(group: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of group.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return fields;
}

/** `rfc822; Name@Example.org` -> `name@example.org`; Exchange writes `rfc822;name@...`, some write it in angle brackets. */
function addressIn(field: string | undefined): string | null {
  const address = field
    ?.slice(field.indexOf(';') + 1)
    .replaceAll(/[<>\s]/g, '')
    .toLowerCase();
  return address?.includes('@') ? address : null;
}
