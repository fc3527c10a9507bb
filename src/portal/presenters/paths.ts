/**
 * Every address of the portal, once: controllers, presenters and templates (global `paths`) read this table.
 * Addresses carry opaque ids only; the demonstration mail catcher's filter is the one exception, by contract.
 */
const id = encodeURIComponent;

export const portalPaths = {
  landing: () => '/',
  signIn: () => '/sign-in',
  signInCode: () => '/sign-in/code',
  choosePost: () => '/sign-in/post',
  signOut: () => '/sign-out',
  signedOut: () => '/signed-out',
  inbox: () => '/inbox',
  cover: (noticeId: string) => `/notices/${id(noticeId)}`,
  openNotice: (noticeId: string) => `/notices/${id(noticeId)}/open`,
  notOurPupil: (noticeId: string) => `/notices/${id(noticeId)}/not-our-pupil`,
  knownFamily: (noticeId: string) => `/notices/${id(noticeId)}/known-family`,
  notice: (noticeId: string) => `/notices/${id(noticeId)}/read`,
  inSchool: (noticeId: string) => `/notices/${id(noticeId)}/in-school`,
  acknowledge: (noticeId: string) => `/notices/${id(noticeId)}/acknowledge`,
  action: (noticeId: string) => `/notices/${id(noticeId)}/action`,
  authority: () => '/authority',
  desk: () => '/authority/desk',
  deskList: (view: { show: string; by: string; done?: number }) =>
    `/authority/desk?${new URLSearchParams({ show: view.show, by: view.by, ...(view.done ? { done: String(view.done) } : {}) }).toString()}`,
  deskWork: () => '/authority/desk/work',
  deskNotice: (noticeId: string) => `/authority/notices/${id(noticeId)}`,
  settingSearch: (noticeId: string) => `/authority/notices/${id(noticeId)}/search`,
  assign: (noticeId: string) => `/authority/notices/${id(noticeId)}/assign`,
  deskClaim: (noticeId: string) => `/authority/notices/${id(noticeId)}/claim`,
  deskUndo: (noticeId: string) => `/authority/notices/${id(noticeId)}/undo`,
  deskChange: (noticeId: string) => `/authority/notices/${id(noticeId)}/desk`,
  deskHandOver: (noticeId: string) => `/authority/notices/${id(noticeId)}/hand-over`,
  takeCharge: (noticeId: string) => `/authority/notices/${id(noticeId)}/take-charge`,
  telephone: (noticeId: string) => `/authority/notices/${id(noticeId)}/telephone`,
  deskOpen: (noticeId: string) => `/authority/notices/${id(noticeId)}/open`,
  deskRead: (noticeId: string) => `/authority/notices/${id(noticeId)}/read`,
  deskAcknowledge: (noticeId: string) => `/authority/notices/${id(noticeId)}/acknowledge`,
  deskAction: (noticeId: string) => `/authority/notices/${id(noticeId)}/action`,
  deskDone: (
    what: 'assigned' | 'held' | 'telephone' | 'acknowledged' | 'moved' | 'outside' | 'handed-over',
  ) => `/authority/done/${what}`,
  calendar: (layer: string, key: string) => `/calendars/${id(layer)}/${id(key)}`,
  calendarClose: (layer: string, key: string, day: 'today' | 'tomorrow') =>
    `/calendars/${id(layer)}/${id(key)}/closed/${day}`,
  calendarClosed: (layer: string, key: string) => `/calendars/${id(layer)}/${id(key)}/closed`,
  calendarEntries: (layer: string, key: string) => `/calendars/${id(layer)}/${id(key)}/entries`,
  calendarRemove: (layer: string, key: string, entryId: string) =>
    `/calendars/${id(layer)}/${id(key)}/entries/${id(entryId)}/remove`,
  calendarHours: (layer: string, key: string) => `/calendars/${id(layer)}/${id(key)}/hours`,
  force: () => '/force',
  admin: () => '/admin',
  mail: (to?: string) => (to ? `/mail?to=${id(to)}` : '/mail'),
  mailMessage: (messageId: string) => `/mail/${id(messageId)}`,
  about: () => '/about',
  accessibility: () => '/accessibility',
  apiDocs: () => '/docs',
} as const;
