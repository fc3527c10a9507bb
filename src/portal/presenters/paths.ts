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
  deskNotice: (noticeId: string) => `/authority/notices/${id(noticeId)}`,
  settingSearch: (noticeId: string) => `/authority/notices/${id(noticeId)}/search`,
  assign: (noticeId: string) => `/authority/notices/${id(noticeId)}/assign`,
  takeCharge: (noticeId: string) => `/authority/notices/${id(noticeId)}/take-charge`,
  telephone: (noticeId: string) => `/authority/notices/${id(noticeId)}/telephone`,
  deskOpen: (noticeId: string) => `/authority/notices/${id(noticeId)}/open`,
  deskRead: (noticeId: string) => `/authority/notices/${id(noticeId)}/read`,
  deskAcknowledge: (noticeId: string) => `/authority/notices/${id(noticeId)}/acknowledge`,
  deskAction: (noticeId: string) => `/authority/notices/${id(noticeId)}/action`,
  deskDone: (what: 'assigned' | 'telephone' | 'acknowledged') => `/authority/done/${what}`,
  force: () => '/force',
  admin: () => '/admin',
  mail: (to?: string) => (to ? `/mail?to=${id(to)}` : '/mail'),
  mailMessage: (messageId: string) => `/mail/${id(messageId)}`,
  about: () => '/about',
  accessibility: () => '/accessibility',
  apiDocs: () => '/docs',
} as const;
