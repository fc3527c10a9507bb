import type { ValidationArguments } from 'class-validator';
import type { CompiledMember, CompiledRule, CompiledRules, Fault } from './compile-rules.js';
import { pointerTo } from './pointer.js';
import { isPlainObject } from './rules.js';

/** Nobody mends more at a time, and a hostile 256 KiB body must not become a much larger answer. */
export const MOST_FAULTS = 1000;

/**
 * A name plain enough to be repeated in an error. Any other unknown name might itself be personal data (or a page of noise):
 * then the error points at the object that holds it.
 */
const PLAIN_NAME = /^[A-Za-z_$][\w$.:/~-]{0,63}$/;

/** Every fault of an object, in no promised order, at most MOST_FAULTS and one that says so. Never throws. */
export function checkObject(
  rules: CompiledRules,
  object: Record<string, unknown>,
  pointer: string,
  faults: Fault[],
): void {
  for (const name of Object.keys(object)) {
    if (!rules.members.has(name)) addUnknownMember(name, pointer, faults);
  }
  for (const member of rules.members.values()) {
    if (faults.length > MOST_FAULTS) return;
    checkMember(rules, member, object, pointer, faults);
  }
}

function checkMember(
  rules: CompiledRules,
  member: CompiledMember,
  object: Record<string, unknown>,
  parent: string,
  faults: Fault[],
): void {
  const value = Object.hasOwn(object, member.name) ? object[member.name] : undefined;
  if (!member.conditions.every((condition) => condition(object, value))) return;
  for (const rule of member.rules) {
    const args = argumentsOf(rules, rule, object, value);
    if (rule.each) {
      if (Array.isArray(value)) checkEach(rule, args, value, `${parent}/${member.name}`, faults);
    } else if (!rule.constraint.validate(value, args)) {
      addFaults(rule, value, `${parent}/${member.name}`, faults);
    }
  }
  if (!member.nested) return;
  if (member.isList) {
    if (!Array.isArray(value)) return;
    for (const [index, item] of value.entries()) {
      if (faults.length > MOST_FAULTS) return;
      if (isPlainObject(item)) checkObject(member.nested, item, `${parent}/${member.name}/${index}`, faults);
    }
  } else if (isPlainObject(value)) {
    checkObject(member.nested, value, `${parent}/${member.name}`, faults);
  }
}

function checkEach(
  rule: CompiledRule,
  args: ValidationArguments,
  items: unknown[],
  list: string,
  faults: Fault[],
): void {
  for (const [index, item] of items.entries()) {
    if (faults.length > MOST_FAULTS) return;
    if (!rule.constraint.validate(item, args)) faults.push(faultAt(rule, `${list}/${index}`));
  }
}

function addFaults(rule: CompiledRule, value: unknown, pointer: string, faults: Fault[]): void {
  const places = rule.places?.placesOf(value) ?? [''];
  for (const place of places) faults.push(faultAt(rule, pointer + place));
}

function faultAt({ code, detail }: CompiledRule, pointer: string): Fault {
  return { pointer, code, detail };
}

function addUnknownMember(name: string, parent: string, faults: Fault[]): void {
  if (faults.length > MOST_FAULTS) return;
  faults.push(
    PLAIN_NAME.test(name)
      ? {
          pointer: pointerTo(parent, name),
          code: 'unknown-member',
          detail: 'This member is not part of the contract: remove it or correct its name.',
        }
      : {
          pointer: parent,
          code: 'unknown-member',
          detail:
            'A member here, whose name is not repeated, is not part of the contract: remove it or correct its name.',
        },
  );
}

function argumentsOf(
  { className }: CompiledRules,
  { metadata }: CompiledRule,
  object: object,
  value: unknown,
): ValidationArguments {
  return {
    targetName: className,
    property: metadata.propertyName,
    object,
    value,
    constraints: metadata.constraints ?? [],
  };
}
