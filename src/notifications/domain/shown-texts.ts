import type { NotificationDto } from '../dto/notification.dto.js';

/** A free text of a notification, and the children (by index) whose settings may read it. */
export interface ShownText {
  readonly pointer: string;
  readonly text: string;
  readonly readers: readonly number[];
}

/** Every free text that some school may be shown, under the widest disclosure profile. */
export function shownTexts(notification: NotificationDto): ShownText[] {
  const { incident, adults, restrictions, children } = notification;
  const texts: ShownText[] = [];
  const everyone = children.map((_, index) => index);
  const add = (pointer: string, text: string | null | undefined, readers: readonly number[]): void => {
    if (text && readers.length > 0) texts.push({ pointer, text, readers });
  };
  // A child's own circumstances replace the incident's for its settings.
  const readersOfIncident = everyone.filter((index) => !children[index]?.circumstances);
  add('/incident/circumstances', incident.circumstances, readersOfIncident);
  add('/incident/policeAction', incident.policeAction, everyone);
  adults?.forEach((adult, a) => {
    add(`/adults/${a}/relationshipToChild`, adult.relationshipToChild, everyone);
    adult.orders?.forEach((order, o) => add(`/adults/${a}/orders/${o}/terms`, order.terms, everyone));
  });
  restrictions?.doNotDiscloseTo?.forEach((text, i) =>
    add(`/restrictions/doNotDiscloseTo/${i}`, text, everyone),
  );
  children.forEach((child, c) => {
    const own = [c];
    add(`/children/${c}/circumstances`, child.circumstances, own);
    add(`/children/${c}/voice/words`, child.voice?.words, own);
    add(`/children/${c}/voice/demeanour`, child.voice?.demeanour, own);
    add(`/children/${c}/communicationNeeds`, child.communicationNeeds, own);
  });
  return texts;
}
