import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Person } from './staff.js';

interface DemoFile {
  readonly mailUrl: string;
  readonly forces: readonly { code: string; name: string; clientId: string; clientSecret: string }[];
  readonly settings: readonly {
    urn: string;
    name: string;
    contacts: readonly (Person & { role: string })[];
  }[];
  readonly people: readonly (Person & { role: string })[];
}

/** Who plays: read from `<home>/demo.json`, as any program that drives the demonstration area does. */
export class Cast {
  private constructor(private readonly file: DemoFile) {}

  static async read(home: string): Promise<Cast> {
    return new Cast(JSON.parse(await readFile(join(home, 'demo.json'), 'utf8')) as DemoFile);
  }

  get mailUrl(): string {
    return this.file.mailUrl;
  }

  force(code: string): DemoFile['forces'][number] {
    return found(
      this.file.forces.find((force) => force.code === code),
      `the force ${code}`,
    );
  }

  /** The first person with this role at a setting. */
  at(urn: string, role: 'dsl' | 'deputy' | 'head'): Person {
    const setting = this.file.settings.find((one) => one.urn === urn);
    return found(
      setting?.contacts.find((contact) => contact.role === role),
      `a ${role} at ${urn}`,
    );
  }

  /** e.g. `duty1@northshire.example` */
  officer(email: string): Person {
    return found(
      this.file.people.find((person) => person.email === email),
      email,
    );
  }
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The demonstration area lacks ${what}`);
  return value;
}
