import type { Fault } from '../dto/compile-rules.js';
import type { ChildDto } from '../dto/child.dto.js';
import type { NotificationDto } from '../dto/notification.dto.js';
import { containsPostcode, containsStreetAddress } from './address-text.js';
import { isName, nameCompleteness } from './child-name.js';
import { leakWarnings } from './leak-warnings.js';
import { shownTexts } from './shown-texts.js';
import { checkUpn } from './upn.js';

/** A note to the force beside a 202: the notification is kept as it is, but somebody should look. Never holds a value. */
export type Warning = Fault;

/** Everything worth a second look. `notification` has passed validation. */
export function warningsFor(notification: NotificationDto): Warning[] {
  return [
    ...incidentWarnings(notification),
    ...notification.children.flatMap((child, index) =>
      childWarnings(child, `/children/${index}`, notification),
    ),
    ...addressWarnings(notification),
    ...leakWarnings(notification),
  ];
}

function incidentWarnings({ incident: { startedAt, attendedAt } }: NotificationDto): Warning[] {
  if (!attendedAt || Date.parse(attendedAt) >= Date.parse(startedAt)) return [];
  const detail = 'Attended before the incident started: check both instants and their offsets.';
  return [{ pointer: '/incident/attendedAt', code: 'attended-before-started', detail }];
}

function childWarnings(child: ChildDto, at: string, { incident }: NotificationDto): Warning[] {
  const warnings: Warning[] = [];
  const add = (pointer: string, code: string, detail: string): void =>
    void warnings.push({ pointer, code, detail });
  const name = nameCompleteness(child);
  if (name === 'missing') {
    add(
      `${at}/forename`,
      'child-name-missing',
      'No name: a person will look for this child. Send a new version with the name once it is known.',
    );
  } else if (name === 'partial') {
    const missing = isName(child.forename) ? 'surname' : 'forename';
    add(
      `${at}/${missing}`,
      'child-name-partial',
      `No ${missing}: a person will look for this child. Send a new version with it once it is known.`,
    );
  }
  if (child.dateOfBirth && isEighteen(child.dateOfBirth, incident.startedAt)) {
    add(
      `${at}/dateOfBirth`,
      'child-not-under-18',
      'Eighteen or older when the incident started: check the date of birth.',
    );
  }
  if (child.upn) {
    const verdict = checkUpn(child.upn);
    if (verdict === 'wrong-form')
      add(`${at}/upn`, 'upn-form', 'Not the form of a UPN: it was kept, and not used to find the school.');
    if (verdict === 'wrong-check-letter')
      add(
        `${at}/upn`,
        'upn-check-letter',
        'The check letter does not fit the digits: look for a typing error.',
      );
  }
  child.settings?.forEach(({ urn, laestab }, index) => {
    if (urn && !/^\s*\d{6}\s*$/u.test(urn))
      add(
        `${at}/settings/${index}/urn`,
        'urn-form',
        'A URN has six digits: a person may have to place this child.',
      );
    if (laestab && !/^\s*\d{3}\D?\d{4}\s*$/u.test(laestab))
      add(
        `${at}/settings/${index}/laestab`,
        'laestab-form',
        'A LAESTAB has three and four digits: a person may have to place this child.',
      );
  });
  return warnings;
}

function isEighteen(dateOfBirth: string, startedAt: string): boolean {
  const eighteenth = `${Number(dateOfBirth.slice(0, 4)) + 18}${dateOfBirth.slice(4)}`;
  return eighteenth <= startedAt.slice(0, 10);
}

function addressWarnings(notification: NotificationDto): Warning[] {
  const safe = notification.restrictions?.safeAddress === true;
  const advice = safe
    ? 'Schools read it withheld, because the address must stay safe; send a new version without it.'
    : 'Schools will read it; if the address must stay safe, send a new version without it.';
  return shownTexts(notification).flatMap(({ pointer, text }) => {
    if (containsPostcode(text))
      return [
        { pointer, code: 'text-contains-postcode', detail: `This text contains a postcode. ${advice}` },
      ];
    if (containsStreetAddress(text))
      return [
        {
          pointer,
          code: 'text-contains-address',
          detail: `This text seems to contain an address. ${advice}`,
        },
      ];
    return [];
  });
}
