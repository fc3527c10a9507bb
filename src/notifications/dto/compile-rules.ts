import { getMetadataStorage, ValidationTypes, type ValidatorConstraintInterface } from 'class-validator';
import { isPlainObject, type FaultPlaces } from './rules.js';
import { nestedTypeOf } from './nested-type.js';

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];
export type DtoClass = new () => object;

export interface Fault {
  /** RFC 6901 */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

export interface CompiledRule {
  readonly code: string;
  readonly detail: string;
  readonly each: boolean;
  readonly constraint: ValidatorConstraintInterface;
  readonly metadata: Metadata;
  readonly places: FaultPlaces | undefined;
}

export interface CompiledMember {
  readonly name: string;
  readonly conditions: readonly ((object: unknown, value: unknown) => boolean)[];
  readonly rules: readonly CompiledRule[];
  readonly nested: CompiledRules | undefined;
  /** The nested rules are for the items of a list. */
  readonly isList: boolean;
}

export interface CompiledRules {
  readonly className: string;
  readonly members: ReadonlyMap<string, CompiledMember>;
}

const compiled = new Map<DtoClass, CompiledRules>();

/**
 * The rules that class-validator has on record for a class, arranged once. Its own executor looks them up, filters and groups
 * them again for every object; that, not the rules, is most of its time. The same constraint instances run here, and a test
 * holds this and class-validator's `validateSync` to the same verdicts.
 */
export function compileRules(dto: DtoClass): CompiledRules {
  const known = compiled.get(dto);
  if (known) return known;
  const members = new Map<string, CompiledMember>();
  const rules: CompiledRules = { className: dto.name, members };
  compiled.set(dto, rules);
  const storage = getMetadataStorage();
  const byMember = storage.groupByPropertyName(storage.getTargetValidationMetadatas(dto, '', false, false));
  for (const [name, metadata] of Object.entries(byMember))
    members.set(name, compileMember(dto, name, metadata));
  return rules;
}

function compileMember(dto: DtoClass, name: string, metadata: readonly Metadata[]): CompiledMember {
  const nests = metadata.find(({ type }) => type === ValidationTypes.NESTED_VALIDATION);
  return {
    name,
    conditions: metadata
      .filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION)
      .map(({ constraints }) => constraints[0] as (object: unknown, value: unknown) => boolean),
    rules: metadata.filter(({ type }) => type === ValidationTypes.CUSTOM_VALIDATION).flatMap(compileRule),
    nested: nests ? compileRules(nestedTypeOf(dto, name)) : undefined,
    isList: nests?.each ?? false,
  };
}

function compileRule(metadata: Metadata): CompiledRule[] {
  return getMetadataStorage()
    .getTargetValidatorConstraints(metadata.constraintCls)
    .map(({ name, instance }) => ({
      code: name,
      detail: String(metadata.message),
      each: metadata.each,
      constraint: instance,
      metadata,
      places: isPlainObject(metadata.context) ? (metadata.context as unknown as FaultPlaces) : undefined,
    }));
}
