import { IsOptional } from 'class-validator';
import { EDUCATIONS, PRESENCES, type Education, type Presence } from './code-lists.js';
import { CODE, LONG_TEXT, NAME, PHRASE } from './limits.js';
import {
  CalendarDate,
  Flag,
  Nested,
  NestedList,
  NotBlank,
  NotFutureDate,
  NumberBetween,
  OneOf,
  Required,
  RequiredUnless,
  Text,
  TextList,
  TextOrFlag,
} from './rules.js';

/** What the child said, in the child's own words. */
export class VoiceDto {
  @IsOptional() @Flag() spokenTo?: boolean | null;
  @IsOptional() @Flag() alone?: boolean | null;
  @IsOptional() @Text(LONG_TEXT) words?: string | null;
  @IsOptional() @Text(LONG_TEXT) demeanour?: string | null;
}

/** A setting as the force knows it. Neither an unknown nor an odd number is refused: the child goes to triage. */
export class SettingDto {
  @IsOptional() @Text(CODE) urn?: string | null;
  @IsOptional() @Text(CODE) laestab?: string | null;
}

export class ChildDto {
  /** Names the child within this notification and its versions. */
  @Required() @Text(PHRASE) @NotBlank() reference: string;
  @IsOptional() @Text(NAME) forename?: string | null;
  @IsOptional() @Text(NAME) surname?: string | null;
  @IsOptional() @TextList(50, NAME) knownAs?: string[] | null;
  @RequiredUnless('ageEstimate') @CalendarDate() @NotFutureDate() dateOfBirth?: string | null;
  /** Years; a fraction for a baby */
  @IsOptional() @NumberBetween(0, 25) ageEstimate?: number | null;
  @IsOptional() @Text(CODE) homePostcode?: string | null;
  @IsOptional() @Text(CODE) homeAuthorityCode?: string | null;
  /** Never required and never refused for its form: a wrong one is a warning. */
  @IsOptional() @Text(CODE) upn?: string | null;
  @IsOptional() @OneOf(EDUCATIONS) education?: Education | null;
  @Required() @OneOf(PRESENCES) presence: Presence;
  /** Replaces the incident's circumstances for this child's settings. */
  @IsOptional() @Text(LONG_TEXT) circumstances?: string | null;
  @IsOptional() @Nested(() => VoiceDto) voice?: VoiceDto | null;
  @IsOptional() @Text(NAME) ethnicity?: string | null;
  @IsOptional() @Text(NAME) language?: string | null;
  @IsOptional() @TextOrFlag(NAME) interpreter?: string | boolean | null;
  @IsOptional() @Text(LONG_TEXT) communicationNeeds?: string | null;
  @IsOptional() @NestedList(() => SettingDto, 0, 20) settings?: SettingDto[] | null;
  @IsOptional() @Text(NAME) schoolStated?: string | null;
}
