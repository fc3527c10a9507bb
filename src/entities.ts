import { NoticeEntity } from './notices/notice.entity.js';

/** Every entity, for the data source (composition only: features import their own). */
export const ENTITIES = [NoticeEntity];
