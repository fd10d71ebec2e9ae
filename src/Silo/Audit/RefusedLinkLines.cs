using CocoonPool.Domain.Audit;
using CocoonPool.Silo.Workers;

namespace CocoonPool.Silo.Audit;

/// <summary>A stream is one request that succeeds; who was turned away inside it has a line of its own.</summary>
public sealed class RefusedLinkLines(AuditWriter writer, StrangerLines strangers, TimeProvider time) : IRefusedLinks
{
    public Task Note(LinkSource source, string? worker, string code) => !strangers.Admit(source.Network)
        ? Task.CompletedTask
        : writer.Write(new AuditEntry(
            DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()), "anonymous", "", "worker_link", AuditText.Line(worker ?? ""), source.Address, Success: false,
            $"link_{Guid.CreateVersion7():n}", After: AuditText.Json(new { code })));
}
