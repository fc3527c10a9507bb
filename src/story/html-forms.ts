/** What a person could fill in on a page, read from its HTML as a browser without JavaScript reads it. */

export interface Choice {
  readonly name: string;
  readonly value: string;
  readonly label: string;
}

export interface HtmlForm {
  readonly action: string;
  readonly method: 'get' | 'post';
  /** Names that a person may fill in or press. */
  readonly names: ReadonlySet<string>;
  /** What is sent when nobody touches anything. */
  readonly initial: ReadonlyMap<string, string>;
  readonly radios: readonly Choice[];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' };

export function unescapeHtml(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|[a-z]+);/gi, (whole, name: string) => {
    if (name.startsWith('#x')) return String.fromCodePoint(parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return ENTITIES[name] ?? whole;
  });
}

/** The words a person sees, without tags, scripts and styles; white space is single. */
export function textOf(html: string): string {
  const body = html.replace(/<(script|style|head)\b[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
  return unescapeHtml(body).replace(/\s+/g, ' ').trim();
}

function attributesOf(tag: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name, quoted, bare] of tag.matchAll(
    /([a-z][\w:-]*)(?:\s*=\s*(?:"([^"]*)"|([^\s"'>]+)))?/gi,
  )) {
    if (name) found.set(name.toLowerCase(), unescapeHtml(quoted ?? bare ?? ''));
  }
  return found;
}

export function formsOf(html: string): HtmlForm[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, head, body]) =>
    readForm(attributesOf(head ?? ''), body ?? ''),
  );
}

function readForm(head: Map<string, string>, body: string): HtmlForm {
  const names = new Set<string>();
  const initial = new Map<string, string>();
  const radios: Choice[] = [];
  for (const [, tag, rest] of body.matchAll(/<(input|button|select|textarea)\b([^>]*)>/gi)) {
    const attributes = attributesOf(rest ?? '');
    const name = attributes.get('name');
    if (!name || attributes.has('disabled')) continue;
    const type = attributes.get('type') ?? (tag?.toLowerCase() === 'input' ? 'text' : '');
    const value = attributes.get('value') ?? '';
    if (type !== 'hidden') names.add(name);
    if (type === 'radio' || type === 'checkbox') {
      radios.push({ name, value, label: labelOf(body, attributes.get('id') ?? '') });
      if (attributes.has('checked')) initial.set(name, value);
    } else if (tag?.toLowerCase() === 'input') initial.set(name, value);
  }
  for (const [, rest, content] of body.matchAll(/<textarea\b([^>]*)>([\s\S]*?)<\/textarea>/gi)) {
    const name = attributesOf(rest ?? '').get('name');
    if (name) initial.set(name, unescapeHtml(content ?? ''));
  }
  const method = head.get('method')?.toLowerCase() === 'post' ? 'post' : 'get';
  return { action: head.get('action') ?? '', method, names, initial, radios };
}

function labelOf(body: string, id: string): string {
  for (const [, rest, content] of body.matchAll(/<label\b([^>]*)>([\s\S]*?)<\/label>/gi)) {
    if (attributesOf(rest ?? '').get('for') === id) return textOf(content ?? '');
  }
  return '';
}
