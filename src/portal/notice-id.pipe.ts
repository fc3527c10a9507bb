import { Injectable, type PipeTransform } from '@nestjs/common';
import { NotFound } from '../common/errors.js';
import { isUuid } from '../common/ids.js';

/** An address that cannot be a notice's is answered like one that is not the reader's: 404. */
@Injectable()
export class NoticeIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!isUuid(value)) throw new NotFound();
    return value.toLowerCase();
  }
}
