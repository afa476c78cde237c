import type { ComponentChildren } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { call as english, type CallKey } from "../ui/messages/en/call";
import { type Language, languageOf, localeOf } from "../ui/messages/languages";
import { type Catalogue, speaker } from "../ui/messages/say";
import { useStore } from "../ui/use-store";
import { CallPageContext, type PageParts } from "./context";
import { catalogueOf } from "./catalogue";

interface Spoken {
  /** What was asked for; `language` is what there is. */
  asked: Language | null;
  language: Language;
  catalogue: Catalogue<CallKey>;
}

interface SpeechProps {
  parts: PageParts;
  children: ComponentChildren;
}

/** Lets the page speak the language that address, token, room and domain ask for, as soon as they are known. */
export function Speech({ parts, children }: SpeechProps) {
  const { room, lang, stage } = useStore(parts.call.store);
  const asked = languageOf([lang, room?.lang ?? "user"], navigator.languages);
  const [spoken, setSpoken] = useState<Spoken>({ asked: null, language: "en", catalogue: english });
  const isReady = useRef(false);
  isReady.current ||= stage.name !== "loading" && spoken.asked === asked;
  useLayoutEffect(() => {
    let isWanted = true;
    void catalogueOf(asked).then(([language, catalogue]) => {
      if (isWanted) setSpoken({ asked, language, catalogue });
    });
    return () => {
      isWanted = false;
    };
  }, [asked]);
  const page = useMemo(() => {
    document.documentElement.lang = spoken.language;
    const say = speaker(spoken.catalogue, spoken.language);
    const locale = localeOf(spoken.language, navigator.languages);
    return { ...parts, say, locale, isReady: isReady.current };
  }, [spoken, isReady.current]);
  return <CallPageContext.Provider value={page}>{children}</CallPageContext.Provider>;
}
