// What the pages of the console take from the desk.

import { createContext } from "preact";
import { useCallback, useContext, useEffect, useRef, useState } from "preact/hooks";
import { ask, type Answer, type Method, type Problem } from "../core/server";
import type { Desk } from "./desk";
import { say, translated } from "./say";

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error("outside of the console");
  return desk;
}

export interface Asked<Value> {
  /** Null until the first answer; kept while a later question fails. */
  readonly value: Value | null;
  readonly problem: Problem | null;
  /** The version of `value`, where it has versions. */
  readonly etag: string | null;
  readonly reload: () => Promise<void>;
}

/** The answer to a question to the server, asked anew whenever the question or `pulse` changes. */
export function useAsked<Value>(path: string, pulse = 0): Asked<Value> {
  const desk = useDesk();
  const [known, setKnown] = useState<Known<Value>>({ path, value: null, etag: null, problem: null });
  const wanted = useRef(path);
  wanted.current = path;

  const reload = useCallback(async () => {
    const answer = await ask<Value>(path);
    if (wanted.current !== path) return;
    if ("value" in answer) setKnown({ path, value: answer.value, etag: answer.etag ?? null, problem: null });
    else if (answer.problem.kind === "signed-out") desk.ended();
    else {
      const { problem } = answer;
      setKnown((old) => (old.path === path ? { ...old, problem } : { path, value: null, etag: null, problem }));
    }
  }, [path, desk]);

  useEffect(() => void reload(), [reload, pulse]);
  const isOld = known.path !== path;
  const shown = isOld ? { value: null, problem: null, etag: null } : known;
  return { value: shown.value, problem: shown.problem, etag: shown.etag, reload };
}

type Known<Value> = { path: string; value: Value | null; etag: string | null; problem: Problem | null };

export interface Doing {
  readonly busy: boolean;
  /** Why the last try failed, for people. */
  readonly failed: string | null;
  /** Whether the last try failed because somebody else was first. */
  readonly isLate: boolean;
  /** Ask the server to do something; what it answers, or null if it did not. `ifMatch` as in `ask`. */
  readonly send: <Value>(path: string, body?: object, method?: Method, ifMatch?: string | null) => Promise<Value | null>;
  /** Ask the server something at a press. */
  readonly ask: <Value>(path: string) => Promise<Value | null>;
}

/** Something that a person can have done at the server, and how it stands with that. */
export function useDoing(): Doing {
  const desk = useDesk();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const [isLate, setLate] = useState(false);
  const under = useRef(false);

  async function wait<Value>(answering: () => Promise<Answer<Value>>): Promise<Value | null> {
    if (under.current) return null; // pressed twice
    under.current = true;
    setBusy(true);
    setFailed(null);
    setLate(false);
    const answer = await answering();
    under.current = false;
    setBusy(false);
    if ("value" in answer) return answer.value;
    if (answer.problem.kind === "signed-out") desk.ended();
    else if (answer.problem.kind === "refused" && answer.problem.status === 412) setLate(true);
    else setFailed(inWords(answer.problem));
    return null;
  }

  return {
    busy,
    failed,
    isLate,
    send: (path, body = {}, method = "POST", ifMatch = null) => wait(() => ask(path, body, method, ifMatch)),
    ask: (path) => wait(() => ask(path)),
  };
}

/** A problem in a sentence. */
export function inWords(problem: Problem): string {
  if (problem.kind !== "refused") return say("unreachable.short");
  const info = translated(problem.info);
  const begun = info.charAt(0).toUpperCase() + info.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
