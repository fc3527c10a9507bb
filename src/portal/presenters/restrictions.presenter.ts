import { calendarDateWords } from './london-time.js';
import { adultName, type NoticeContent } from './notice-content.js';
import type { Restriction } from './notice.view-model.js';
import { orderWords, roleWords } from './notice-words.js';

type Adult = NoticeContent['adults'][number];

function who(adult: Adult): string {
  const relation = adult.relationshipToChild ?? (adult.role && roleWords(adult.role).toLowerCase());
  return relation ? `${adultName(adult)} (${relation})` : adultName(adult);
}

function orderRestrictions(adult: Adult): Restriction[] {
  return adult.orders.map((order) => ({
    heading: `${orderWords(order.kind)}: ${who(adult)}`,
    policeWords: order.terms,
    detail: order.until ? `Until ${calendarDateWords(order.until)}` : 'The police gave no end date',
  }));
}

/**
 * The block that stands before everything else on the notice page, loudest first: who must not collect, orders, whom not
 * to tell, the hidden address, the investigation. An empty list means the police named none, and the page says so.
 */
export function presentRestrictions(content: Pick<NoticeContent, 'adults' | 'restrictions'>): Restriction[] {
  const { adults, restrictions } = content;
  const mustNotCollect = adults
    .filter((adult) => adult.mayCollect === 'no')
    .map((adult) => ({
      heading: `Must not collect the child: ${who(adult)}`,
      policeWords: null,
      detail: null,
    }));
  const doNotTell = restrictions.doNotDiscloseTo.map((person) => ({
    heading: `Do not tell: ${person}`,
    policeWords: null,
    detail: 'Not that there is a notice, nor anything in it',
  }));
  const block: Restriction[] = [...mustNotCollect, ...adults.flatMap(orderRestrictions), ...doNotTell];
  if (restrictions.safeAddress) {
    block.push({
      heading: 'Safe address',
      policeWords: null,
      detail:
        'The address is hidden here. Do not ask for it, write it down or give out any address held in school.',
    });
  }
  if (restrictions.activeInvestigation) {
    block.push({
      heading: 'The police are investigating',
      policeWords: null,
      detail: 'Speak to the officer before you discuss what happened with anybody.',
    });
  }
  return block;
}
