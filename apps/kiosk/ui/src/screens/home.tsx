import { useKiosk, useWords } from "../context.ts";
import { Icon, isIconName } from "../parts/icon.tsx";
import type { ScreenOf } from "./screenOf.ts";

export function HomePage({ screen }: { screen: ScreenOf<"home"> }) {
  const { act } = useKiosk();
  const { pick, say, t } = useWords();
  return (
    <div className="screen home" data-count={screen.services.length}>
      {screen.services.map((service) => (
        <button
          key={service.serviceId}
          type="button"
          className="tile"
          data-action={`service:${service.serviceId}`}
          data-help-id={`service:${service.serviceId}`}
          disabled={!service.available}
          onClick={() => act({ type: "service", serviceId: service.serviceId })}
        >
          <span className="tile-icon">
            <Icon name={isIconName(service.icon) ? service.icon : "bolt"} />
          </span>
          <span className="tile-title">{pick(service.title)}</span>
          <span className="tile-hint">{pick(service.hint)}</span>
          {!service.available && (
            <span className="tile-reason">
              <Icon name="warning" />
              {service.unavailableReason ? say(service.unavailableReason) : t("home.unavailable")}
            </span>
          )}
        </button>
      ))}
    </div>
  );
}
