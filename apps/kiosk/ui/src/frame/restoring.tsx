import { translate } from "../i18n/dictionary.ts";
import { Icon } from "../parts/icon.tsx";

/** The host is away (restart, update, fault): both languages, since nobody knows any more who stands here. */
export function Restoring() {
  return (
    <main className="full restoring" data-screen="restoring" role="status">
      <Icon name="bolt" className="full-icon pulsing" />
      <h1>{translate("zh-CN", "frame.restoring")}</h1>
      <p>{translate("zh-CN", "frame.restoring-text")}</p>
      <p lang="en" className="second-language">
        {translate("en", "frame.restoring")}. {translate("en", "frame.restoring-text")}
      </p>
    </main>
  );
}
