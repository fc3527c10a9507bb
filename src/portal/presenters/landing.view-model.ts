export interface DemoPerson {
  readonly name: string;
  readonly post: string;
  readonly email: string;
}

export interface DemoGroup {
  /** "At a school", "At an authority", "Running Firstbell". */
  readonly heading: string;
  readonly people: readonly DemoPerson[];
}

export interface LandingView {
  /** Null outside the embedded demonstration area. */
  readonly demo: {
    readonly groups: readonly DemoGroup[];
    /** Shell lines, ready to paste: a token, then one notification. */
    readonly curl: string;
    readonly mailHref: string;
    /** Pages about the police interface; null where there are none. */
    readonly docsHref: string | null;
  } | null;
}
