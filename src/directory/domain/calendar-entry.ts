export type CalendarLayer = 'nation' | 'authority' | 'trust' | 'setting';
export const CALENDAR_LAYERS: readonly CalendarLayer[] = ['nation', 'authority', 'trust', 'setting'];

export type CalendarKind = 'term' | 'holiday' | 'inset' | 'bank-holiday' | 'closure' | 'snow';
export const CALENDAR_KINDS: readonly CalendarKind[] = [
  'term',
  'holiday',
  'inset',
  'bank-holiday',
  'closure',
  'snow',
];

/** Days (both ends included, ISO dates) that a layer declares open or closed. Undeclared weekdays are open. */
export interface CalendarEntry {
  layer: CalendarLayer;
  /** The nation, authority code, trust code or URN whose days these are. */
  key: string;
  from: string;
  to: string;
  state: 'open' | 'closed';
  kind: CalendarKind;
  title: string;
}

/** A setting's school day, HH:MM in Europe/London. */
export interface SchoolHours {
  urn: string;
  bell: string;
  home: string;
}
