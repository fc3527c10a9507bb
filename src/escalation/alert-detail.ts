import type { NoticeEntity } from '../notices/notice.entity.js';

/** What an operator's alert says of a notice: its reference, and whether it is a test. */
export function alertDetail({
  reference,
  test,
}: Pick<NoticeEntity, 'reference' | 'test'>): Record<string, string | boolean> {
  return test ? { notice: reference, test } : { notice: reference };
}
