import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";

/**
 * A large button with a name for tests (`data-action`), which remote help points at as well (`data-help-id`). Off means
 * greyed, and said so to screen readers.
 */
export function Button({
  action,
  tone = "plain",
  icon,
  off = false,
  pressed,
  label,
  className,
  testId,
  onPress,
  children,
}: {
  action: string;
  tone?: "primary" | "plain" | "quiet" | "danger";
  icon?: IconName;
  off?: boolean;
  pressed?: boolean;
  label?: string;
  className?: string;
  testId?: string;
  onPress: () => void;
  children?: ReactNode;
}) {
  return (
    <button
      type="button"
      className={`button button-${tone}${className ? ` ${className}` : ""}`}
      data-action={action}
      data-help-id={action}
      data-testid={testId}
      disabled={off}
      aria-pressed={pressed}
      aria-label={label}
      onClick={onPress}
    >
      {icon && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}
