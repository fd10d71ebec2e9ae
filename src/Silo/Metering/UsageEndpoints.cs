using CocoonPool.Domain.Ledger;
using CocoonPool.Grains;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Metering;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Metering;

/// <summary>What clients have and use.</summary>
public static class UsageEndpoints
{
    public static void MapUsage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/usage", async (HttpContext context, IClientBooks books, ILedgerStore ledger, PoolSettings settings, string? client, int? limit, int? cursor) =>
        {
            var holder = context.Holder()!;
            var all = string.Equals(holder.Role, Permissions.OperatorRole, StringComparison.Ordinal);
            if (!all && client is not null && !string.Equals(client, ClientName.Of(holder), StringComparison.Ordinal))
                throw new ApiException(403, "forbidden", "This key shows its own client's usage only.");
            var name = all ? client : ClientName.Of(holder);
            var (size, skip) = (Math.Clamp(limit ?? 50, 1, 1_000), Math.Max(0, cursor ?? 0));
            var lines = await books.Usage(settings.Id, name, skip, size + 1, context.RequestAborted);
            var figures = name is null ? default : await ledger.Account(settings.Id, AccountName.Client(name), context.RequestAborted);
            return new
            {
                client = name,
                balanceNano = figures.Balance,
                reservedNano = figures.Reserved,
                data = lines.Take(size).Select(u => new
                {
                    u.KeyId,
                    u.Client,
                    u.Model,
                    u.Day,
                    u.Requests,
                    failedRequests = u.Failed,
                    u.PromptTokens,
                    u.CachedTokens,
                    u.CompletionTokens,
                    chargedNano = new Nanotons(u.ChargedNano),
                }),
                pagination = new { next_cursor = lines.Count > size ? $"{skip + size}" : null, has_more = lines.Count > size },
            };
        }).Requires(Permission.Infer).Limited(RateClass.Queries).WithSummary("Balance and usage by key, model and day; a client sees its own.");
}
