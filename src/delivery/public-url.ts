/** Where people reach this installation; mails carry nothing but a link to its sign-in page. */
export class PublicUrl {
  constructor(private readonly base: () => string) {}

  to(path: string): string {
    return new URL(path, this.base()).toString();
  }
}
