// Questions of the pages of signed-in people to the server.

/** Why there is no answer. */
export type Problem =
  | { readonly kind: "signed-out" }
  | { readonly kind: "locked"; readonly seconds: number }
  | { readonly kind: "unreachable" }
  | { readonly kind: "refused"; readonly info: string; readonly status: number };

/** `etag` names the version of what was answered, where it has versions. */
export type Answer<Value> =
  | { readonly value: Value; readonly etag?: string | null }
  | { readonly problem: Problem };

const PATIENCE = 15_000;

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * Ask below /console/api: a GET, or a POST of the body, unless another method is said. `ifMatch`: only if it still has
 * this version.
 */
export async function ask<Value>(
  path: string,
  body?: object,
  method: Method = body ? "POST" : "GET",
  ifMatch: string | null = null,
): Promise<Answer<Value>> {
  try {
    const answer = await fetch(`/console/api/${path}`, {
      method,
      ...(body && {
        headers: { "Content-Type": "application/json", ...(ifMatch && { "If-Match": ifMatch }) },
        body: JSON.stringify(body),
      }),
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.ok) return { value: (await answer.json()) as Value, etag: answer.headers.get("ETag") };
    return { problem: await problemOf(answer) };
  } catch {
    return { problem: { kind: "unreachable" } };
  }
}

async function problemOf(answer: Response): Promise<Problem> {
  if (answer.status === 401) return { kind: "signed-out" };
  if (answer.status === 429) {
    return { kind: "locked", seconds: Number(answer.headers.get("Retry-After")) || 60 };
  }
  if (answer.status >= 500) return { kind: "unreachable" };
  const { info } = (await answer.json()) as { info?: string };
  return { kind: "refused", info: info ?? String(answer.status), status: answer.status };
}
