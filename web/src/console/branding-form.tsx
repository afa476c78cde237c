import { useState } from "preact/hooks";
import { Section } from "./parts";
import { say } from "./say";
import type { Doing } from "./use-desk";

export const COLORS = ["accent", "accent_text", "background", "text"] as const;
export type Color = (typeof COLORS)[number];
export type Branding = {
  logo_url: string | null;
  colors: Readonly<Record<Color, string | null>>;
};

const MAX_PICTURE_BYTES = 140_000; // the server takes 200,000 characters of base64
const USUAL: Record<Color, string> = {
  accent: "#0b6660",
  accent_text: "#ffffff",
  background: "#f4f6f7",
  text: "#17222b",
};

interface BrandingFormProps {
  branding: Branding;
  doing: Doing;
  onSave: (branding: Branding) => Promise<void>;
}

/** Logo and colours of the pages that people in calls see. */
export function BrandingForm({ branding, doing, onSave }: BrandingFormProps) {
  const [logo, setLogo] = useState(branding.logo_url ?? "");
  const [colors, setColors] = useState(branding.colors);
  const [isTooLarge, setTooLarge] = useState(false);
  const submit = (event: Event) => {
    event.preventDefault();
    void onSave({ logo_url: logo.trim() === "" ? null : logo.trim(), colors });
  };
  const read = async (file: File | undefined) => {
    if (!file) return;
    setTooLarge(file.size > MAX_PICTURE_BYTES);
    if (file.size <= MAX_PICTURE_BYTES) setLogo(await inData(file));
  };
  const isPicture = logo.startsWith("data:");
  return (
    <Section title={say("branding")} hint={say("branding.hint")}>
      <form class="form" onSubmit={submit}>
        <div class="field">
          <label for="logo">{say("branding.logo")}</label>
          <input
            id="logo"
            type="text"
            inputMode="url"
            spellcheck={false}
            autocapitalize="none"
            placeholder="https://clinic.example.org/logo.svg"
            value={isPicture ? "" : logo}
            aria-describedby="logo-hint"
            onInput={(event) => setLogo(event.currentTarget.value)}
          />
          <p id="logo-hint" class="quiet small">
            {say("branding.logo.hint")}
          </p>
        </div>
        <div class="field">
          <label for="picture">{say("branding.picture")}</label>
          <input
            id="picture"
            type="file"
            accept="image/png,image/jpeg,image/webp,image/gif"
            onChange={(event) => void read(event.currentTarget.files?.[0])}
          />
          <p class={isTooLarge ? "field-problem" : "quiet small"} role="status">
            {say(isTooLarge ? "branding.picture.large" : "branding.picture.hint")}
          </p>
        </div>
        {isPicture && (
          <p class="logo-shown">
            <img src={logo} alt={say("branding.logo")} />
            <button type="button" class="button button-quiet button-small" onClick={() => setLogo("")}>
              {say("branding.logo.remove")}
            </button>
          </p>
        )}
        <fieldset class="colors">
          <legend>{say("branding.colors")}</legend>
          {COLORS.map((name) => (
            <ColorField
              key={name}
              name={name}
              value={colors[name]}
              onChange={(value) => setColors({ ...colors, [name]: value })}
            />
          ))}
        </fieldset>
        <p class="quiet small">{say("branding.contrast")}</p>
        <div class="buttons">
          <button type="submit" class="button button-primary" aria-disabled={doing.busy}>
            {say("branding.save")}
          </button>
        </div>
      </form>
    </Section>
  );
}

interface ColorFieldProps {
  name: Color;
  value: string | null;
  onChange: (value: string | null) => void;
}

function ColorField({ name, value, onChange }: ColorFieldProps) {
  const label = say(`branding.${name}`);
  return (
    <div class="color">
      <input
        id={`color-${name}`}
        type="color"
        value={value ?? USUAL[name]}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      <div>
        <label for={`color-${name}`}>{label}</label>
        {value === null ? (
          <p class="quiet small">{say("branding.usual")}</p>
        ) : (
          <button type="button" class="copy" onClick={() => onChange(null)}>
            {say("branding.reset")}
            <span class="visually-hidden"> {label}</span>
          </button>
        )}
      </div>
    </div>
  );
}

function inData(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error("the file cannot be read"));
    reader.readAsDataURL(file);
  });
}
