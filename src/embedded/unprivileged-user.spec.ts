import { describe, expect, it } from '@jest/globals';
import { parsePasswd } from './unprivileged-user.js';

const line = (name: string, uid: number, gid: number, shell = '/usr/sbin/nologin'): string =>
  `${name}:x:${uid}:${gid}::/nonexistent:${shell}`;
const ROOT = line('root', 0, 0, '/bin/sh');

describe('whom PostgreSQL runs as under root', () => {
  it('is nobody first, by number, whatever it is called', () => {
    const passwd = [ROOT, line('daemon', 1, 1), line('someone', 65_534, 65_533)].join('\n');
    expect(parsePasswd(passwd)).toEqual([
      { uid: 65_534, gid: 65_533 },
      { uid: 1, gid: 1 },
    ]);
  });

  it('is nobody by name where it has another number, also a negative one', () => {
    expect(parsePasswd([ROOT, line('daemon', 1, 1), line('nobody', 99, 99)].join('\n'))[0]).toEqual({
      uid: 99,
      gid: 99,
    });
    expect(parsePasswd(line('nobody', -2, -2))[0]).toEqual({ uid: 2 ** 32 - 2, gid: 2 ** 32 - 2 });
  });

  it('is never root nor a person who can log in', () => {
    expect(
      parsePasswd([ROOT, line('toor', 0, 0), line('ada', 1000, 1000, '/bin/bash'), '', '#'].join('\n')),
    ).toEqual([]);
  });
});
