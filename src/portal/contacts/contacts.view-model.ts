import type { FieldError } from '../presenters/page-context.view-model.js';

export interface AddressLine {
  /** "E-mail", "Mobile". */
  readonly label: string;
  readonly address: string;
  /** "Checked on 3 September 2026", "Mail came back on ...", "Not checked yet ...". */
  readonly state: string;
  readonly tone: 'good' | 'wait' | 'bad';
  /** What mends it; null where nothing needs to be, or the reader may not. */
  readonly check: { readonly text: string; readonly href: string } | null;
}

export interface ContactCard {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  /** "you", "shared mailbox", "holiday contact". */
  readonly tags: readonly string[];
  readonly addresses: readonly AddressLine[];
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly away: readonly {
    readonly words: string;
    readonly endText: string;
    readonly endHref: string | null;
  }[];
  /** Null: not the reader's to change. */
  readonly changeHref: string | null;
  readonly awayHref: string | null;
  readonly endHref: string | null;
  /** Posts: "this mailbox is ours and is read". */
  readonly vouchHref: string | null;
}

export interface ContactsView {
  readonly title: string;
  /** "Added. ..." after a change; null otherwise. */
  readonly done: string | null;
  readonly backHref: string | null;
  /** Adds contacts; null for those who keep only their own. */
  readonly addHref: string | null;
  readonly ownAwayHref: string | null;
  readonly whyOwnOnly: string | null;
  readonly problems: readonly {
    readonly heading: string;
    readonly words: string;
    readonly urgent: boolean;
  }[];
  readonly attest: { readonly words: string; readonly due: boolean; readonly href: string | null } | null;
  readonly smsNote: string | null;
  readonly cards: readonly ContactCard[];
  readonly ended: readonly string[];
  readonly forSetting: boolean;
}

export interface Choice {
  readonly value: string;
  readonly text: string;
  readonly checked: boolean;
}

export interface ContactFormView {
  readonly title: string;
  readonly caption: string;
  readonly action: string;
  readonly backHref: string;
  readonly isNew: boolean;
  readonly isDesk: boolean;
  /** Whoever changes their own contact keeps their role. */
  readonly roleFixed: string | null;
  readonly mailbox: boolean;
  readonly values: Readonly<Record<'name' | 'email' | 'mobile' | 'trainedOn' | 'role', string>>;
  readonly roles: readonly Choice[];
  readonly days: readonly Choice[];
  readonly holidayContact: boolean;
  readonly emailNote: string | null;
  readonly errors: readonly FieldError[];
  /** What would be lost; shown once, then confirmed with `token`. */
  readonly warnings: readonly string[];
  readonly token: string;
}

export interface ContactEndView {
  readonly name: string;
  readonly role: string;
  readonly place: string;
  readonly action: string;
  readonly backHref: string;
  readonly warnings: readonly string[];
  readonly token: string;
}

export interface AwayView {
  readonly title: string;
  readonly caption: string;
  readonly action: string;
  readonly backHref: string;
  /** One tap is enough: only today, no dates to type. */
  readonly today: boolean;
  readonly values: { readonly from: string; readonly to: string; readonly cover: string };
  readonly covers: readonly Choice[];
  readonly warnings: readonly string[];
  readonly token: string;
  readonly button: string;
  readonly moreHref: string | null;
  readonly errors: readonly FieldError[];
}

export interface ContactCodeView {
  readonly title: string;
  readonly address: string;
  readonly own: boolean;
  readonly action: string;
  readonly sendHref: string;
  readonly backHref: string;
  /** A code was asked for in this browser. */
  readonly asked: boolean;
  readonly minutesValid: number;
  readonly mailHref: string | null;
  readonly errors: readonly FieldError[];
}
