import { IsOptional } from 'class-validator';
import {
  ADULT_ROLES,
  MAY_COLLECT,
  SCHOOL_CONNECTIONS,
  type AdultRole,
  type MayCollect,
  type SchoolConnection,
} from './code-lists.js';
import { LONG_TEXT, NAME, PHRASE } from './limits.js';
import { CalendarDate, NestedList, OneOf, Text } from './rules.js';

/** A court order or police condition that binds the adult. */
export class OrderDto {
  @IsOptional() @Text(PHRASE) kind?: string | null;
  @IsOptional() @Text(LONG_TEXT) terms?: string | null;
  @IsOptional() @CalendarDate() until?: string | null;
}

export class AdultDto {
  @IsOptional() @OneOf(ADULT_ROLES) role?: AdultRole | null;
  @IsOptional() @Text(NAME) forename?: string | null;
  @IsOptional() @Text(NAME) surname?: string | null;
  @IsOptional() @Text(NAME) relationshipToChild?: string | null;
  @IsOptional() @OneOf(SCHOOL_CONNECTIONS) schoolConnection?: SchoolConnection | null;
  @IsOptional() @OneOf(MAY_COLLECT) mayCollect?: MayCollect | null;
  @IsOptional() @NestedList(() => OrderDto, 0, 50) orders?: OrderDto[] | null;
}
