import { useState } from "preact/hooks";
import { LANGUAGES, NAMES } from "../ui/messages/languages";
import type { SettingsFormProps } from "./appointment-settings";
import { Section } from "./parts";
import { say } from "./say";
import { focusFirstProblem, SettingChoice, SettingField } from "./setting-field";
import { isAddress } from "./settings";

/** Whom mail is from, and in which language and time zone it is written. */
export function MailSettings({ settings, isBusy, onSave }: SettingsFormProps) {
  const [language, setLanguage] = useState(settings.language);
  const [zone, setZone] = useState(settings.timezone);
  const [sender, setSender] = useState(settings.mail_name ?? "");
  const [reply, setReply] = useState(settings.mail_reply_to ?? "");
  const [isTried, setTried] = useState(false);
  const isReplyWrong = reply.trim() !== "" && !isAddress(reply);
  const orNull = (text: string) => (text.trim() === "" ? null : text.trim());

  function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }) {
    event.preventDefault();
    setTried(true);
    if (isReplyWrong) return focusFirstProblem(event.currentTarget);
    onSave({ language, timezone: zone, mail_name: orNull(sender), mail_reply_to: orNull(reply) });
  }

  const { mail_from: from } = settings;
  return (
    <Section title={say("settings.mail")}>
      <p class={from ? "quiet small" : "notice notice-warning"}>
        {from ? say("settings.mail.from", { address: from }) : say("settings.mail.off")}
      </p>
      <form class="form" noValidate onSubmit={submit}>
        <SettingChoice
          id="language"
          label={say("settings.language")}
          hint={say("settings.language.hint")}
          value={language}
          onChange={setLanguage}
        >
          {LANGUAGES.map((each) => (
            <option key={each} value={each} lang={each}>
              {NAMES[each]}
            </option>
          ))}
        </SettingChoice>
        <SettingChoice
          id="zone"
          label={say("settings.zone")}
          hint={say("settings.zone.hint")}
          value={zone}
          onChange={setZone}
        >
          {zones(settings.timezone).map((each) => (
            <option key={each} value={each}>
              {each.replaceAll("_", " ")}
            </option>
          ))}
        </SettingChoice>
        <SettingField
          id="sender"
          label={say("settings.mail-name")}
          hint={say("settings.mail-name.hint")}
          problem={null}
          placeholder={settings.name}
          value={sender}
          onChange={setSender}
        />
        <SettingField
          id="reply"
          kind="email"
          label={say("settings.reply")}
          hint={say("settings.reply.hint")}
          problem={isTried && isReplyWrong ? say("settings.reply.problem") : null}
          value={reply}
          onChange={setReply}
        />
        <div class="buttons">
          <button type="submit" class="button button-primary" aria-disabled={isBusy}>
            {say("settings.mail.save")}
          </button>
        </div>
      </form>
    </Section>
  );
}

/** Every zone that the browser knows, and the one that is set. */
function zones(own: string): string[] {
  return [...new Set([own, "UTC", ...Intl.supportedValuesOf("timeZone")])].sort();
}
