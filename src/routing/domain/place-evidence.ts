import { outwardCode } from '../../directory/domain/setting.js';
import type { ChildToRoute, RoutingFacts, SettingFact } from './routing.types.js';

/** What a setting's place says for or against it. */
export interface PlaceEvidence {
  factor: number;
  /** Something besides the name says that this is the place: authority, distance, postcode district, or the town named. */
  placed: boolean;
  note: string;
}

// How much is left of the name's likeness. What is more than the default margin (0.15) below the best cannot hold it back; a
// namesake across a border that a child may well cross every morning is kept within it, and so needs a person.
const FACTOR = {
  farInHomeAuthority: 0.95,
  acrossBorderNext: 0.96,
  acrossBorderNear: 0.92,
  acrossBorderSome: 0.89,
  acrossBorder: 0.87,
  acrossBorderYoung: 0.84,
  otherAuthority: 0.75,
  sameDistrict: 0.93,
  nearbyAuthority: 0.87,
  noPlace: 0.95,
} as const;
const KM = { next: 4, near: 6, some: 9, within: 12, far: 15 } as const;

export function placeEvidence(
  setting: SettingFact,
  child: ChildToRoute,
  facts: RoutingFacts,
  homeAuthority: string | null,
): PlaceEvidence {
  const km = kilometresFromHome(setting, facts);
  const district = outwardCode(child.homePostcode);
  const sameDistrict = district !== null && district === outwardCode(setting.postcode);
  if (homeAuthority !== null && setting.authorityCode === homeAuthority) {
    if (km !== null && km > KM.far)
      return { factor: FACTOR.farInHomeAuthority, placed: true, note: `in the home authority, ${about(km)}` };
    return {
      factor: 1,
      placed: true,
      note: km === null ? 'in the home authority' : `in the home authority, ${about(km)}`,
    };
  }
  if (homeAuthority === null) {
    if (sameDistrict) return { factor: 1, placed: true, note: 'in the home postcode district' };
    if (km !== null && km <= KM.near) return { factor: 1, placed: true, note: about(km) };
    if (km !== null) return { ...acrossBorder(km, child.age), note: about(km) };
    return { factor: FACTOR.noPlace, placed: false, note: 'no home authority to compare' };
  }
  if (km !== null) return acrossBorder(km, child.age);
  if (sameDistrict) {
    return {
      factor: FACTOR.sameDistrict,
      placed: true,
      note: 'in the home postcode district, another authority',
    };
  }
  const nearby = facts.nearbyAuthorities ?? facts.authoritiesServed;
  return nearby.includes(setting.authorityCode)
    ? { factor: FACTOR.nearbyAuthority, placed: false, note: 'in an authority nearby' }
    : { factor: FACTOR.otherAuthority, placed: false, note: 'in another authority' };
}

function acrossBorder(km: number, age: number | null): PlaceEvidence {
  const note = `in another authority, ${about(km)}`;
  if (km <= KM.next) return { factor: FACTOR.acrossBorderNext, placed: true, note };
  if (km <= KM.near) return { factor: FACTOR.acrossBorderNear, placed: true, note };
  if (km <= KM.some) return { factor: FACTOR.acrossBorderSome, placed: false, note };
  if (km <= KM.within) {
    // Few young children travel so far, and none alone.
    const young = age !== null && age < 11;
    return { factor: young ? FACTOR.acrossBorderYoung : FACTOR.acrossBorder, placed: false, note };
  }
  return { factor: FACTOR.otherAuthority, placed: false, note };
}

/** From the middle of the home postcode's district; null when either place is not known. */
function kilometresFromHome(setting: SettingFact, { homePoint }: RoutingFacts): number | null {
  const { easting, northing } = setting;
  if (!homePoint || easting == null || northing == null) return null;
  return Math.hypot(easting - homePoint.easting, northing - homePoint.northing) / 1000;
}

const about = (km: number): string => `about ${Math.max(1, Math.round(km))} km from home`;
