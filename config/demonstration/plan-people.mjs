// Contacts of settings and desks. Addresses under .example, numbers from the drama ranges.
import { forenames, surnames } from './names.mjs';
import { authorities, authorityCodes } from './plan-settings.mjs';

const WEEK = 'Mon Tue Wed Thu Fri';
const PART_TIME = ['Mon Tue Wed', 'Wed Thu Fri', 'Mon Wed Fri', 'Tue Wed Thu Fri'];
const RIVERSIDE = '900123';

/** Settings with nobody, only a shared mailbox, or only a head: for coverage and for bad days. */
const NOBODY = ['Ivy Bank', 'Compass Point', 'Ysgol Gynradd Rhyd-y-Bont'];
const MAILBOX_ONLY = ['Pebblebrook', 'Canolfan Addysg y Bont'];
const HEAD_ONLY = ['Clock House', 'Ysgol Llwyn Onn'];
const OFF_ON_MONDAYS = ['Hollow Lane'];
/** A deputy here is a relative in the demo's story: only her name, and no missing address, keeps notices from her. */
const RELATIVE = ['Two Rivers'];

export function planContacts(settings, random) {
  const used = new Set();
  const pick = (list) => list[Math.floor(random() * list.length)];
  let mobiles = 0;
  const mobile = () => `07700 900${String(mobiles++ % 1000).padStart(3, '0')}`;
  function person() {
    for (;;) {
      const name = `${pick(forenames)} ${pick(surnames)}`;
      if (!used.has(name)) {
        used.add(name);
        return name;
      }
    }
  }
  const rows = [];
  const isOneOf = (setting, list) => list.some((name) => setting.name.startsWith(name));
  const receiving = settings.filter((one) => [1, 3].includes(one.status) && ![29, 37].includes(one.type));
  const slugs = new Map();
  for (const setting of receiving) {
    const slug = slugOf(setting.name);
    setting.domain = `${slugs.has(slug) ? `${slug}-${setting.urn}` : slug}.example`;
    slugs.set(slug, setting.urn);
    setting.head = person();
    if (isOneOf(setting, NOBODY)) continue;
    const add = (role, name, local, more = {}) =>
      rows.push({
        urn: setting.urn,
        role,
        name,
        email: `${local}@${setting.domain}`,
        mobile: '',
        days: WEEK,
        shared: 'no',
        verified: 'yes',
        trained: '2026-09-15',
        holiday: 'no',
        ...more,
      });
    const office = () => add('dsl', 'Safeguarding office', 'safeguarding', { shared: 'yes', trained: '' });
    if (isOneOf(setting, MAILBOX_ONLY)) {
      office();
      continue;
    }
    const plain = setting.urn === RIVERSIDE || isOneOf(setting, OFF_ON_MONDAYS);
    if (!isOneOf(setting, HEAD_ONLY)) {
      const days = isOneOf(setting, OFF_ON_MONDAYS)
        ? 'Tue Wed Thu Fri'
        : !plain && random() < 0.15
          ? pick(PART_TIME)
          : WEEK;
      add('dsl', person(), 'dsl', { days, mobile: plain || random() < 0.6 ? mobile() : '', holiday: 'yes' });
      add('deputy', person(), 'deputy', {
        mobile: plain || random() < 0.4 ? mobile() : '',
        verified: !plain && random() < 0.08 && !isOneOf(setting, RELATIVE) ? 'no' : 'yes',
        trained: !plain && random() < 0.15 ? '' : '2025-11-04',
      });
      if (!plain && random() < 0.35)
        add('deputy', person(), 'deputy2', { days: random() < 0.5 ? pick(PART_TIME) : WEEK });
      if (!plain && random() < 0.2) office();
    }
    add('head', setting.head, 'head', {
      mobile: plain || random() < 0.5 ? mobile() : '',
      trained: '2025-09-02',
    });
  }
  for (const code of authorityCodes)
    rows.push(...deskPeople(code, slugOf(authorities[code].name), person, mobile));
  rows.push(...deskPeople('', 'operator', person, mobile, ['operator']));
  return rows;
}

const DESKS = ['triage', 'duty', 'home-education', 'early-years'];

function deskPeople(authority, slug, person, mobile, desks = DESKS) {
  const rows = [];
  const add = (desk, role, local, more = {}) =>
    rows.push({
      authority,
      desk,
      role,
      name: person(),
      email: `${local}@${slug}.example`,
      mobile: mobile(),
      days: WEEK,
      shared: 'no',
      verified: 'yes',
      trained: '2026-06-30',
      holiday: 'yes',
      ...more,
    });
  const EVERY_DAY = 'Mon Tue Wed Thu Fri Sat Sun';
  for (const desk of desks) {
    add(desk, 'officer', `${desk}1`);
    if (desk !== 'home-education' && desk !== 'early-years') add(desk, 'officer', `${desk}2`);
    add(desk, 'manager', `${desk}-manager`);
    add(desk, 'out-of-hours', `${desk}-out-of-hours`, { days: EVERY_DAY });
  }
  return rows;
}

export function slugOf(name) {
  return name
    .normalize('NFKD')
    .replace(/\p{M}|\(.*?\)|[’'.]/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .replace(/\b(school|academy|the|of|and|community|demonstration)\b/g, ' ')
    .trim()
    .replace(/\s+/g, '-');
}
