import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import type { DtoClass } from './compile-rules.js';

/** The class that class-transformer's @Type names for a member, asked of class-transformer itself. */
export function nestedTypeOf(dto: DtoClass, member: string): DtoClass {
  const probe = plainToInstance(dto, { [member]: {} }) as Record<string, object>;
  const type = probe[member]?.constructor;
  if (typeof type !== 'function' || type === Object) {
    throw new Error(`${dto.name}.${member} nests a class: give it @Type`);
  }
  return type as DtoClass;
}
