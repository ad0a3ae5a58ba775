/** An expected refusal, with the HTTP status it becomes. `message` is for people: it names the field and the remedy. */
export class HallError extends Error {
  readonly code: string;
  readonly status: number;
  readonly context: Readonly<Record<string, unknown>>;
  constructor(
    code: string,
    status: number,
    message: string,
    context: Record<string, unknown> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "HallError";
    this.code = code;
    this.status = status;
    this.context = context;
  }
}

export const notFound = (what: string, id: string) =>
  new HallError(`${what}.not-found`, 404, `no ${what} ${id} within your units`, { id });
