import { ErrorPages } from '../common/http/error-pages.js';
import { presentError } from '../portal/presenters/message.presenter.js';
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

  render(
    status: number,
    correlationId: string,
    retryAfterSeconds?: number,
    code?: string,
  ): ReturnType<ErrorPages['render']> {
    const view = presentError(status, correlationId, retryAfterSeconds, code);
    const page = { ...ANONYMOUS_PAGE, demonstration: this.demonstration };
    return { html: this.renderer.render('error', view, page), headers: PAGE_HEADERS };
  }
}
