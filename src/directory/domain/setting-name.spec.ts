import { describe, expect, it } from '@jest/globals';
import { fc } from '../../../test/support/properties.js';
import { normaliseSettingName } from './setting-name.js';

const core = (text: string) => normaliseSettingName(text).core;

describe('the standard form of a school name', () => {
  it.each([
    ["St Mary's", 'Saint Marys'],
    ['St. Mary’s C of E (VC) Primary School', "Saint Mary's Church of England Primary"],
    ["St Joseph's R.C. Primary", 'St Josephs Roman Catholic Primary School'],
    ["St Joseph's RC Primary", 'St Josephs Catholic Primary School'],
    ['Oakfield Jnr', 'Oakfield Junior School'],
    ['Oakfield Inf & Nursery', 'Oakfield Infants and Nursery School'],
    ['Hollow Lane Prim.', 'HOLLOW LANE PRIMARY ACADEMY'],
    ['Ysgol Gynradd Bryn Môr', 'Bryn Mor Primary'],
    ['Riverside CofE Primary', 'Riverside C.E. Primary School'],
    ['Marl Rd Primary', 'Marl Road Primary School'],
    ['Thornwick 6th Form', 'Thornwick Sixth Form College Academy'],
  ])('%s and %s have the same distinctive words', (a, b) => {
    expect(core(a)).toBe(core(b));
  });

  it.each([
    ['Oakfield Junior', 'Oakfield Infant'],
    ['St Mary’s CofE Primary', 'St Mary’s RC Primary'],
    ['Oakfield Primary', 'Oakfield High'],
  ])('%s and %s share them but differ in kind or church', (a, b) => {
    const [left, right] = [normaliseSettingName(a), normaliseSettingName(b)];
    expect(left.core).toBe(right.core);
    expect([left.kinds, left.churches]).not.toEqual([right.kinds, right.churches]);
  });

  it('tells different names apart', () => {
    expect(core('Oakfield Primary')).not.toBe(core('Oakfields Primary'));
    expect(core("St Mary's")).not.toBe(core("St Mark's"));
  });

  it('reads church and kind out of the name', () => {
    expect(normaliseSettingName('St Giles C.E. Jnr & Inf School')).toEqual({
      full: 'saint giles ce junior infant school',
      core: 'saint giles',
      distinctive: true,
      kinds: ['junior', 'infant'],
      churches: ['ce'],
    });
  });

  it('keeps all words when nothing else is left', () => {
    expect(core('The Primary School')).toBe('the primary school');
    expect(normaliseSettingName('The Primary School').distinctive).toBe(false);
    expect(core('')).toBe('');
  });

  it('is steady: any text, no throw, and its own standard form has the same core', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const once = normaliseSettingName(text);
        expect(normaliseSettingName(text)).toEqual(once);
        expect(once.core).not.toMatch(/[A-Z'’&]/);
      }),
    );
  });
});
