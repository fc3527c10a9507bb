import { describe, expect, it } from '@jest/globals';
import { assertMayActOn } from './standing.js';

describe('who may acknowledge, act on or hand back a notice', () => {
  const school = { settingUrn: '900123' };
  const desk = { settingUrn: null };

  it('is an adult of the school that has it', () => {
    expect(() => assertMayActOn(school, null, 'setting:900123')).not.toThrow();
  });

  it.each(['setting:900124', 'authority:999', 'force:demo-north', 'system', 'admin', ''])(
    'is never %j for a notice of the school 900123',
    (scope) => {
      expect(() => assertMayActOn(school, null, scope)).toThrow('Only an adult at the school');
    },
  );

  it.each(['home-education', 'early-years'])('is an officer of the %s desk for its own notice', (kind) => {
    expect(() => assertMayActOn(desk, kind, 'authority:999')).not.toThrow();
    expect(() => assertMayActOn(desk, kind, 'setting:900123')).toThrow();
  });

  it.each(['triage', 'duty', 'operator', null])(
    'is nobody at the %s desk: the school is found first',
    (kind) => {
      expect(() => assertMayActOn(desk, kind, 'authority:999')).toThrow('Find its school first');
    },
  );
});
