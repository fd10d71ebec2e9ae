using CocoonPool.Grains.Contributions;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Contributions;

/// <summary>The months in which contributions are kept.</summary>
public static class ContributionEndpoints
{
    /// <param name="Before">Months that end at or before this moment go.</param>
    public sealed record RetireBody(DateTimeOffset Before);

    public static void MapContributions(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/contributions/months", Months).Requires(Permission.ReadAll).WithSummary("The months of contributions that are kept.");
        routes.MapPost("/api/v1/contributions/retire", Retire).Requires(Permission.Operate).WithSummary("Detaches old months whose epochs are paid.");
    }

    private static async Task<object> Months(IContributionArchive archive, int? limit, string? cursor, CancellationToken cancellationToken) =>
        ApiJson.Page([.. await archive.Months(cancellationToken)], limit, cursor);

    private static async Task<object> Retire(RetireBody body, IContributionArchive archive, TimeProvider time, CancellationToken cancellationToken)
    {
        if (body.Before > time.GetUtcNow())
            throw new ApiException(400, "invalid_request", "Only months that are over can be retired; name a moment in the past.");
        var retirement = await archive.Retire(body.Before.ToUniversalTime(), cancellationToken);
        return new { retirement.Retired, retirement.Kept };
    }
}
