/**
 * govuk-frontend's compiled stylesheet, made fit for a service that is not GOV.UK: GDS Transport (licensed for gov.uk
 * only) and every font-family go, and of the blocks only those the portal uses stay, so no crest, crown or GOV.UK header.
 * The shipped file is adapted when the process starts because compiling it needs Sass.
 */
const KEPT_BLOCKS = new Set([
  'back-link',
  'body',
  'body-lead',
  'body-s',
  'button',
  'button-group',
  'caption-l',
  'caption-m',
  'checkboxes',
  'details',
  'error-message',
  'error-summary',
  'fieldset',
  'form-group',
  'heading-l',
  'heading-m',
  'heading-s',
  'hint',
  'input',
  'inset-text',
  'label',
  'label-wrapper',
  'link',
  'list',
  'main-wrapper',
  'radios',
  'select',
  'skip-link',
  'summary-list',
  'table',
  'tag',
  'template',
  'textarea',
  'visually-hidden',
  'warning-text',
  'width-container',
]);

interface CssNode {
  readonly prelude: string;
  /** Declarations, or nested rules for @media and @supports; null for a statement such as @charset. */
  readonly body: string | null;
}

/** Splits at top level on `separator`, outside strings, brackets and braces. */
function split(css: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let i = 0; i < css.length; i += 1) {
    const c = css.charAt(i);
    if (quote) {
      if (c === '\\') i += 1;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === separator && depth === 0) {
      parts.push(css.slice(start, i));
      start = i + 1;
    } else if ('([{'.includes(c)) depth += 1;
    else if (')]}'.includes(c)) depth -= 1;
  }
  return [...parts, css.slice(start)].filter((part) => part.trim() !== '');
}

function parse(css: string): CssNode[] {
  const nodes: CssNode[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  let open = -1;
  for (let i = 0; i < css.length; i += 1) {
    const c = css.charAt(i);
    if (quote) {
      if (c === '\\') i += 1;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '{') {
      if (depth === 0) open = i;
      depth += 1;
    } else if (c === '}') {
      depth -= 1;
      if (depth === 0) {
        nodes.push({ prelude: css.slice(start, open).trim(), body: css.slice(open + 1, i) });
        start = i + 1;
      }
    } else if (c === ';' && depth === 0) {
      nodes.push({ prelude: css.slice(start, i).trim(), body: null });
      start = i + 1;
    }
  }
  return nodes;
}

/** `.govuk-button--warning` and `.govuk-button__icon` belong to the block `button`; utilities (`govuk-!-…`) to none. */
export function blockOf(className: string): string {
  return className.replace(/^govuk-/, '').split(/--|__/)[0] ?? '';
}

/** Also drops the rules that print a link's address after it: a printed notice names no address of this service. */
function keepsSelector(selector: string): boolean {
  if (selector.includes('[href')) return false;
  const classes = selector.match(/\.govuk-(?:\\.|[\w-])+/g) ?? [];
  const styled = classes.filter((name) => name !== '.govuk-frontend-supported');
  return styled.length === classes.length && styled.every((name) => KEPT_BLOCKS.has(blockOf(name.slice(1))));
}

function adaptNode({ prelude, body }: CssNode): string {
  if (body === null) return `${prelude};`;
  if (prelude.startsWith('@font-face') || prelude.startsWith('@-moz-document')) return '';
  if (prelude.startsWith('@media') || prelude.startsWith('@supports')) {
    const inner = parse(body).map(adaptNode).join('');
    return inner ? `${prelude}{${inner}}` : '';
  }
  const selectors = split(prelude, ',').filter(keepsSelector);
  const declarations = split(body, ';').filter(
    (line) => !/^\s*(?:font-family|-(?:webkit|moz)[\w-]*smoothing)\s*:/.test(line),
  );
  return selectors.length > 0 && declarations.length > 0
    ? `${selectors.join(',')}{${declarations.join(';')}}`
    : '';
}

export function adaptGovukCss(css: string): string {
  return parse(css.replaceAll(/\/\*[\s\S]*?\*\//g, ''))
    .map(adaptNode)
    .join('');
}
