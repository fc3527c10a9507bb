import { describe, expect, it } from '@jest/globals';
import { exampleNotification } from '../dto/example-notification.js';
import { canonicalContent } from './canonical.js';

const base = exampleNotification();

describe('equal content', () => {
  it('leaves the version out, and nothing else', () => {
    expect(canonicalContent({ ...base, version: 4 })).toBe(canonicalContent({ ...base, version: null }));
    const { version: _, ...unversioned } = base;
    expect(canonicalContent(unversioned)).toBe(canonicalContent(base));
    for (const member of Object.keys(unversioned) as (keyof typeof unversioned)[]) {
      const { [member]: __, ...without } = base;
      expect(canonicalContent(without as typeof base)).not.toBe(canonicalContent(base));
    }
  });

  it('does not depend on the order of members', () => {
    const turned = Object.fromEntries(Object.entries(base).reverse()) as unknown as typeof base;
    expect(canonicalContent(turned)).toBe(canonicalContent(base));
  });

  it('keeps every police word exactly', () => {
    const circumstances = '  “foul smell”\n\tسارة é e\u0301  ';
    const text = canonicalContent({ ...base, incident: { ...base.incident, circumstances } });
    expect((JSON.parse(text) as typeof base).incident.circumstances).toBe(circumstances);
  });
});
