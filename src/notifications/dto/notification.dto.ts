import { IsOptional } from 'class-validator';
import { AdultDto } from './adult.dto.js';
import { ChildDto } from './child.dto.js';
import { CATEGORIES, RISKS, type Category, type Risk } from './code-lists.js';
import { LONG_TEXT, NAME, PHRASE } from './limits.js';
import {
  AtMostMinutesAhead,
  Flag,
  Instant,
  Nested,
  NestedList,
  NotBlank,
  OneOf,
  Required,
  Text,
  TextList,
  UniqueBy,
  WholeNumber,
} from './rules.js';

export class IncidentDto {
  /** ISO 8601 with an offset, as the force wrote it */
  @Required() @Instant() @AtMostMinutesAhead(5) startedAt: string;
  @IsOptional() @Instant() attendedAt?: string | null;
  /** The police's grade of risk to the adult. Absent counts as `not-assessed`. */
  @IsOptional() @OneOf(RISKS) risk?: Risk | null;
  @IsOptional() @Text(LONG_TEXT) circumstances?: string | null;
  @IsOptional() @Text(LONG_TEXT) policeAction?: string | null;
}

export class OfficerDto {
  @IsOptional() @Text(NAME) name?: string | null;
  @IsOptional() @Text(PHRASE) collarNumber?: string | null;
  @IsOptional() @Text(NAME) teamEmail?: string | null;
  @IsOptional() @Text(PHRASE) teamPhone?: string | null;
}

export class RestrictionsDto {
  @IsOptional() @TextList(50, NAME) doNotDiscloseTo?: string[] | null;
  @IsOptional() @Flag() safeAddress?: boolean | null;
  @IsOptional() @Flag() activeInvestigation?: boolean | null;
}

export class ReferralDto {
  @IsOptional() @Text(NAME) to?: string | null;
  @IsOptional() @Instant() at?: string | null;
}

/** What a force sends about one incident (POST /v1/notifications). Unknown members are refused: silence would lose data. */
export class NotificationDto {
  @Required() @Text(PHRASE) @NotBlank() forceReference: string;
  @IsOptional() @WholeNumber(1, 2_147_483_647) version?: number | null;
  @Required() @OneOf(CATEGORIES) category: Category;
  @Required() @Nested(() => IncidentDto) incident: IncidentDto;
  @IsOptional() @Nested(() => OfficerDto) officer?: OfficerDto | null;
  @IsOptional() @NestedList(() => AdultDto, 0, 50) adults?: AdultDto[] | null;
  @Required() @NestedList(() => ChildDto, 1, 20) @UniqueBy('reference') children: ChildDto[];
  @IsOptional() @Nested(() => RestrictionsDto) restrictions?: RestrictionsDto | null;
  @IsOptional() @NestedList(() => ReferralDto, 0, 50) referrals?: ReferralDto[] | null;
}
