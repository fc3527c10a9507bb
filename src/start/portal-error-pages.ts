import { ErrorPages, type ErrorDetails } from '../common/http/error-pages.js';
import { presentError, presentSessionEnded } from '../portal/presenters/message.presenter.js';
import { portalPaths } from '../portal/presenters/paths.js';
import { ANONYMOUS_PAGE, PAGE_HEADERS, type PageRenderer } from '../portal/render.js';

/** The portal's error page for whatever goes wrong below any address that people visit. */
export class PortalErrorPages extends ErrorPages {
  readonly signInPath = portalPaths.signIn();
  readonly choosePostPath = portalPaths.choosePost();

  constructor(
    private readonly renderer: PageRenderer,
    private readonly demonstration: boolean,
  ) {
    super();
  }

  render(status: number, correlationId: string, details: ErrorDetails): ReturnType<ErrorPages['render']> {
    const page = { ...ANONYMOUS_PAGE, demonstration: this.demonstration };
    const html =
      status === 401
        ? this.renderer.render('session-ended', presentSessionEnded(details.posted), page)
        : this.renderer.render('error', presentError(status, correlationId, details), page);
    return { html, headers: PAGE_HEADERS };
  }
}
