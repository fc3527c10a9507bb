import { registerDecorator } from 'class-validator';
import { BlockList, isIP } from 'node:net';
import { parseClockSetting } from '../src/common/clock.js';

/** Looks at one variable's text. @returns what is wrong and how to mend it, without the value of a secret; null when well. */
export type Check = (value: string) => string | null;

/** A class-validator rule whose message is the check's own answer, prefixed with the variable's name. */
export function Satisfies(check: Check): PropertyDecorator {
  return (target, property) => {
    registerDecorator({
      name: 'satisfies',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: (value: unknown) => typeof value === 'string' && check(value) === null,
        defaultMessage: (args) => `${args?.property} ${check(String(args?.value)) ?? ''}`,
      },
    });
  };
}

export function wholeNumber(from: number, to: number): Check {
  return (value) =>
    /^\d{1,9}$/.test(value) && Number(value) >= from && Number(value) <= to
      ? null
      : `must be a whole number from ${from} to ${to}; it is "${printable(value)}".`;
}

export function oneOf(...choices: string[]): Check {
  return (value) =>
    choices.includes(value) ? null : `must be one of ${choices.join(', ')}; it is "${printable(value)}".`;
}

/** @param example shown instead of the value, which may hold a password */
export function urlOf(schemes: string[], example: string): Check {
  return (value) => {
    if (!URL.canParse(value)) return `is not a URL. Write it like ${example} (its value is not shown here).`;
    const url = new URL(value);
    if (!schemes.includes(url.protocol.slice(0, -1))) {
      return `must begin with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}. Write it like ${example}.`;
    }
    return url.hostname ? null : `names no host. Write it like ${example}.`;
  };
}

export const databaseUrl: Check = (value) => {
  const example = 'postgres://firstbell_app:password@host:5432/firstbell';
  const fault = urlOf(['postgres', 'postgresql'], example)(value);
  if (fault) return fault;
  const url = new URL(value);
  if (!url.username) return `names no user. Write it like ${example}.`;
  return url.pathname.length > 1 ? null : `names no database. Write it like ${example}.`;
};

/** Sign-in links and session cookies must not travel in the clear, except on the machine itself. */
export const publicUrl: Check = (value) => {
  const fault = urlOf(['https', 'http'], 'https://firstbell.example.org')(value);
  if (fault) return fault;
  const url = new URL(value);
  if (url.pathname !== '/' || url.search || url.hash)
    return 'must be an origin only, without a path or query.';
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return url.protocol === 'https:' || local ? null : 'must begin with https:// (http:// only for localhost).';
};

/** May hold a path that is a secret; plain http only to this machine. */
export const heartbeatUrl: Check = (value) => {
  const fault = urlOf(['https', 'http'], 'https://watchman.example/ping/<id>')(value);
  if (fault) return fault;
  const url = new URL(value);
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return url.protocol === 'https:' || local
    ? null
    : 'must begin with https:// (http:// only for this machine).';
};

export const mailAddress: Check = (value) =>
  /^[^\s@<>"]+@[^\s@<>"]+$/.test(/<([^<>]*)>$/.exec(value.trim())?.[1] ?? value.trim())
    ? null
    : 'must be a mail address, for example firstbell@example.org or "Firstbell <firstbell@example.org>".';

/** An address alone: it is compared and taken apart. */
export const plainAddress: Check = (value) =>
  /^[^\s@<>"+]+@[^\s@<>"]+$/.test(value)
    ? null
    : 'must be a plain mail address without a name and without a plus sign, for example bounces@example.org.';

export const mailDomain: Check = (value) =>
  /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(value) ? null : 'must be a domain, for example sms.example.org.';

export const uuidText: Check = (value) =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
    ? null
    : 'must be an id such as 5f1a6b1e-1c9c-4f0e-9f6e-0a4d6f2b7c11, as Notify shows it.';

/** Notify's keys end with two ids: the service's and the secret. The value is never shown. */
export const notifyKey: Check = (value) =>
  /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
    ? null
    : 'is not a GOV.UK Notify API key: copy the whole key, name included (its value is not shown here).';

export const longSecret: Check = (value) =>
  value.length >= 16 ? null : 'must have at least 16 characters, for example from: openssl rand -hex 24.';

export const listenAddress: Check = (value) => {
  const [, port] = /:(\d{1,5})$/.exec(value) ?? [];
  return port && Number(port) <= 65_535 ? null : 'must be host:port, for example 0.0.0.0:2525.';
};

export const clockText: Check = (value) => {
  try {
    parseClockSetting(value, new Date(0));
    return null;
  } catch (error) {
    return `cannot be read: ${(error as Error).message}.`;
  }
};

/** Hops, or the addresses and networks of the proxies. Trusting everybody would let a caller choose its own address. */
export const proxies: Check = (value) => {
  if (/^\d$/.test(value)) return null;
  const entries = value.split(',').map((entry) => entry.trim());
  return entries.every(isNetwork)
    ? null
    : 'must be the number of proxies in front (1 to 9), or their addresses or networks, for example 10.0.0.0/8,fd00::/8.';
};

function isNetwork(entry: string): boolean {
  const [address = '', prefix] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return false;
  try {
    if (prefix) new BlockList().addSubnet(address, Number(prefix), family === 6 ? 'ipv6' : 'ipv4');
    return true;
  } catch {
    return false;
  }
}

/** A wrong value shown back on one line and never at length. */
function printable(value: string): string {
  const line = value.replaceAll(/[^\x20-\x7e]/g, '?');
  return line.length > 40 ? `${line.slice(0, 40)}...` : line;
}
