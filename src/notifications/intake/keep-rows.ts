import { newId, newReference } from '../../common/ids.js';
import { ByteStore } from './byte-store.js';
import { Columns } from './columns.js';
import type { BlindRow, Incoming } from './incoming.js';
import type { SealedVersion } from './seal-version.js';

/** A version that is to be kept. */
export interface NewVersion {
  readonly incoming: Incoming;
  readonly sealed: SealedVersion;
  readonly version: number;
  readonly supersedes: number | null;
  /** R: the notification's first 202. */
  readonly firstReceivedAt: Date;
  /** Children that earlier versions named: reference -> id. */
  readonly knownChildren: ReadonlyMap<string, string>;
  readonly rememberKey: boolean;
}

/** A repeat of a kept version. */
export interface Replay {
  readonly incoming: Incoming;
  readonly notificationId: string;
  readonly version: number;
  readonly rememberKey: boolean;
}

/** Collects the rows of a flush into the parameters of KEEP. */
export class KeepRows {
  private readonly bytes = new ByteStore();
  private readonly versions = new Columns(11);
  private readonly keys = new Columns(4);
  private readonly children = new Columns(3);
  private readonly blind = new Columns(6);
  private readonly notices = new Columns(9);
  private readonly jobs = new Columns(3);
  private readonly idempotency = new Columns(8);
  private readonly audit = new Columns(6);
  private readonly mended = new Columns(3);

  get isEmpty(): boolean {
    return this.audit.rows === 0;
  }

  addVersion(item: NewVersion): void {
    const { incoming, sealed, version, supersedes } = item;
    const { notificationId } = sealed;
    const digestAt = this.bytes.add(incoming.digest);
    this.versions.add(
      sealed.versionId,
      notificationId,
      version,
      incoming.receivedAt.toISOString(),
      digestAt,
      incoming.digest.length,
      keyVersionOf(incoming.digest),
      incoming.warnings,
      incoming.correlationId,
      this.bytes.add(sealed.ciphertext),
      sealed.ciphertext.length,
    );
    if (sealed.newKey) {
      const { wrappedKey, masterKeyVersion } = sealed.newKey;
      this.keys.add(notificationId, this.bytes.add(wrappedKey), wrappedKey.length, masterKeyVersion);
    }
    const childIds = incoming.childReferences.map((reference) => this.addChild(item, reference));
    for (const row of incoming.blindRows) this.addBlind(notificationId, row, childIds, supersedes === null);
    if (item.rememberKey) this.addKey(incoming, notificationId, version, digestAt);
    this.addAudit(incoming, notificationId, 'notification.accepted', { version });
    if (supersedes !== null) {
      this.addAudit(incoming, notificationId, 'notification.superseded', {
        version: supersedes,
        by: version,
      });
    }
    this.mended.add(incoming.forceCode, incoming.forceReference, incoming.receivedAt.toISOString());
  }

  addReplay({ incoming, notificationId, version, rememberKey }: Replay): void {
    if (rememberKey) this.addKey(incoming, notificationId, version, this.bytes.add(incoming.digest));
    this.addAudit(incoming, notificationId, 'notification.replayed', { version });
    // Whatever was refused of it since (too fast, perhaps): it is kept.
    this.mended.add(incoming.forceCode, incoming.forceReference, incoming.receivedAt.toISOString());
  }

  /** In the order of KEEP's parameters. */
  parameters(): unknown[] {
    const versions = this.versions.arrays;
    const [jobIds, dueAts, jobCorrelations] = this.jobs.arrays;
    return [
      this.bytes.bytes(),
      ...versions,
      ...this.keys.arrays,
      ...this.children.arrays,
      ...this.blind.arrays,
      ...this.notices.arrays,
      jobIds,
      dueAts,
      jobCorrelations,
      ...this.idempotency.arrays,
      ...this.audit.arrays,
      ...this.mended.arrays,
    ];
  }

  /** The child's row, unless an earlier version has it, and its notice with the job that finds the recipient. */
  private addChild(item: NewVersion, reference: string): string {
    const { incoming, sealed, version, knownChildren } = item;
    const known = knownChildren.get(reference);
    const childId = known ?? newId();
    if (known === undefined) this.children.add(childId, sealed.notificationId, reference);
    this.notices.add(
      newId(),
      newReference(),
      sealed.notificationId,
      version,
      childId,
      reference,
      incoming.forceCode,
      incoming.risk,
      item.firstReceivedAt.toISOString(),
    );
    this.jobs.add(newId(), incoming.receivedAt.toISOString(), incoming.correlationId);
    return childId;
  }

  private addBlind(notificationId: string, row: BlindRow, childIds: readonly string[], fresh: boolean): void {
    const childId = row.child === null ? null : childIds[row.child];
    this.blind.add(notificationId, childId, row.kind, row.keyVersion, this.bytes.add(row.digest), fresh);
  }

  private addKey(incoming: Incoming, notificationId: string, version: number, digestAt: number): void {
    if (incoming.keyDigest === null) return;
    this.idempotency.add(
      incoming.forceCode,
      this.bytes.add(incoming.keyDigest),
      notificationId,
      version,
      digestAt,
      incoming.digest.length,
      keyVersionOf(incoming.digest),
      incoming.receivedAt.toISOString(),
    );
  }

  private addAudit(incoming: Incoming, notificationId: string, action: string, detail: object): void {
    this.audit.add(
      incoming.receivedAt.toISOString(),
      action,
      incoming.forceCode,
      notificationId,
      JSON.stringify({ clientId: incoming.clientId, ...detail }),
      incoming.correlationId,
    );
  }
}

/** A content digest begins with the version of its key (two bytes). */
const keyVersionOf = (digest: Buffer): number => digest.readUInt16BE(0);
