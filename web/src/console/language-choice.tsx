import { isLanguage, LANGUAGES, NAMES, type Language } from "../ui/messages/languages";
import { say } from "./say";

interface LanguageChoiceProps {
  language: Language;
  onChoose: (language: Language) => void;
}

/** Which language the console speaks: each is named in itself, for those who know no other. */
export function LanguageChoice({ language, onChoose }: LanguageChoiceProps) {
  const choose = (text: string) => {
    if (isLanguage(text)) onChoose(text);
  };
  return (
    <label class="language">
      <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
        <path d="M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM3.500 12h17M12 3.5c2.300 2.400 3.500 5.200 3.500 8.500s-1.200 6.100-3.500 8.500c-2.300-2.400-3.500-5.200-3.500-8.500s1.200-6.100 3.500-8.500Z" />
      </svg>
      <span class="visually-hidden">{say("language")}</span>
      <select value={language} onChange={(event) => choose(event.currentTarget.value)}>
        {LANGUAGES.map((each) => (
          <option key={each} value={each} lang={each}>
            {NAMES[each]}
          </option>
        ))}
      </select>
    </label>
  );
}
