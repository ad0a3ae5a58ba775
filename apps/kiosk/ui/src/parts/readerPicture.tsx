/** Where to lay the card or hold the code: a moving picture that needs no reading. */
export function ReaderPicture({
  method,
  reader,
}: {
  method: "id-card" | "bill-qr" | "payment-code";
  reader: "off" | "waiting" | "reading" | "failed" | "unavailable";
}) {
  return (
    <svg className={`reader reader-${reader}`} viewBox="0 0 600 520" aria-hidden="true" focusable="false">
      <rect x={150} y={10} width={300} height={230} rx={16} className="reader-machine" />
      <rect x={170} y={30} width={260} height={170} rx={8} className="reader-screen" />
      <path d="M90 510 130 270h340l40 240z" className="reader-machine" />
      {method === "id-card" ? (
        <>
          <path d="M205 450 220 340h160l15 110z" className="reader-zone" />
          <g className="reader-move-card">
            <path d="M215 440 228 350h144l13 90z" className="reader-card" />
            <circle cx={262} cy={388} r={16} className="reader-mark" />
            <path d="M236 424q26-34 52 0zM310 378h44M310 398h48M312 418h36" className="reader-lines" />
          </g>
        </>
      ) : (
        <>
          <rect x={230} y={330} width={140} height={70} rx={12} className="reader-zone" />
          <path d="M300 365 180 505h240z" className="reader-beam" />
          <g className="reader-move-code">
            {method === "payment-code" ? (
              <rect x={250} y={418} width={100} height={96} rx={12} className="reader-card" />
            ) : (
              <rect x={235} y={418} width={130} height={96} rx={4} className="reader-card" />
            )}
            <path
              d="M270 432h22v22h-22zM308 432h22v22h-22zM270 470h22v22h-22zM308 470h8v8h-8zM322 484h8v8h-8z"
              className="reader-mark"
            />
          </g>
        </>
      )}
      <circle cx={300} cy={302} r={10} className="reader-light" />
    </svg>
  );
}
