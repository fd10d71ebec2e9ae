using System.Text.Json;
using CocoonPool.Adapters.Postgres.Approvals;
using CocoonPool.Adapters.Postgres.Admin;
using CocoonPool.Adapters.Postgres.Auth;
using CocoonPool.Domain.Approvals;
using CocoonPool.Grains;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Audit;
using CocoonPool.Silo.Participants;
using CocoonPool.Silo.Pool;
using CocoonPool.Silo.Settlement;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Approvals;

/// <summary>Operations that two people have to want: proposing, agreeing, taking back.</summary>
public static class ApprovalEndpoints
{
    public sealed record ProposeBody(string Kind, JsonElement Payload, string Reason);

    public static IServiceCollection AddApprovals(this IServiceCollection services)
    {
        services.AddOptions<ApprovalOptions>().BindConfiguration("Approvals").ValidateDataAnnotations()
            .Validate<IHostEnvironment>((o, environment) => environment.IsDevelopment() || o.Timelock >= TimeSpan.FromHours(1), "Approvals:Timelock is at least one hour outside Development.")
            .ValidateOnStart();
        services.AddSingleton<ApprovalStore>();
        services.AddSingleton<IApprovedOperation, LedgerAdjustment>();
        services.AddSingleton<IApprovedOperation, ParameterChangeOperation>();
        services.AddSingleton<IApprovedOperation, SlashUphold>();
        services.AddSingleton<IApprovedOperation, SettlementResume>();
        services.AddSingleton<IApprovedOperation, PayoutRelease>();
        return services.AddHostedService<ApprovalRunner>();
    }

    public static void MapApprovals(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/approvals", async (ApprovalStore store, PoolSettings settings, int? limit, string? cursor, CancellationToken cancellationToken) =>
            ApiJson.Page([.. (await store.List(settings.Id, cancellationToken)).Select(View)], limit, cursor)).Requires(Permission.ReadAll).WithSummary("Operations that need two people, newest first.");
        routes.MapGet("/api/v1/approvals/{id:guid}", async (Guid id, ApprovalStore store, PoolSettings settings, CancellationToken cancellationToken) =>
            View(await store.Find(settings.Id, id, cancellationToken) ?? throw Unknown())).Requires(Permission.ReadAll).WithSummary("One of them.");
        routes.MapPost("/api/v1/approvals", Propose).Requires(Permission.Propose).WithSummary("Proposes an operation as the first person.");
        routes.MapPost("/api/v1/approvals/{id:guid}/approve", Approve).Requires(Permission.Approve).WithSummary("Agrees as the second person; it is carried out after the timelock.");
        routes.MapPost("/api/v1/approvals/{id:guid}/cancel", Cancel).Requires(Permission.Approve).WithSummary("Takes it back before it is carried out.");
    }

    private static async Task<IResult> Propose(
        ProposeBody body, HttpContext context, ApprovalStore store, IEnumerable<IApprovedOperation> operations, IOptions<ApprovalOptions> options, PoolSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var person = Person(context);
        var operation = operations.FirstOrDefault(o => string.Equals(o.Kind, body.Kind, StringComparison.Ordinal))
            ?? throw ApiException.Invalid($"kind is one of {string.Join(", ", operations.Select(o => o.Kind))}.");
        if (body.Reason is not { Length: >= 3 and <= 500 })
            throw ApiException.Invalid("reason says why, in 3 to 500 characters; the second person reads it.");
        if (body.Payload.ValueKind == JsonValueKind.Undefined)
            throw ApiException.Invalid("payload is missing; it has the arguments of the operation.");
        var payload = body.Payload.GetRawText();
        if (payload.Length > 16_384)
            throw ApiException.Invalid("payload is too large.");
        if (await operation.Problem(payload, cancellationToken) is { } problem)
            throw ApiException.Invalid(problem);
        var approval = new Approval(Guid.CreateVersion7(), body.Kind, payload, body.Reason, person.Subject, time.GetUtcNow(), options.Value.Timelock, ApprovalState.Proposed);
        await store.Add(settings.Id, approval, cancellationToken);
        context.Audit(@object: approval.Id.ToString());
        return Results.Json(View(approval), ApiJson.Options, statusCode: 201);
    }

    private static async Task<object> Approve(Guid id, HttpContext context, ApprovalStore store, Accounts accounts, PoolSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var person = Person(context);
        var account = await accounts.Find(settings.Id, person.Subject, cancellationToken);
        var approver = new Approver(person.Subject, account is not null && string.Equals(account.CredentialsBy, account.Username, StringComparison.Ordinal));
        return await Decided(context, store.Decide(settings.Id, id, person.Subject, a => ApprovalRules.Approve(a, approver, time.GetUtcNow()), cancellationToken));
    }

    private static async Task<object> Cancel(Guid id, HttpContext context, ApprovalStore store, PoolSettings settings, CancellationToken cancellationToken) =>
        await Decided(context, store.Decide(settings.Id, id, Person(context).Subject, ApprovalRules.Cancel, cancellationToken));

    private static async Task<object> Decided(HttpContext context, Task<(Approval Approval, string? Refusal)?> deciding)
    {
        var (approval, refusal) = await deciding ?? throw Unknown();
        context.Audit(@object: approval.Id.ToString());
        return refusal is null
            ? View(approval)
            : throw new ApiException(refusal is "same_operator" or "credentials_not_own" ? 403 : 409, refusal, Words(refusal));
    }

    /// <summary>API keys are no people: whoever makes keys could make two.</summary>
    private static KeyHolder Person(HttpContext context) => context.Holder() is { Session: not null } holder
        ? holder
        : throw new ApiException(403, "forbidden", "This needs a person who signed in; an API key is nobody in particular.");

    private static string Words(string refusal) => refusal switch
    {
        "same_operator" => "Whoever proposed it cannot approve it; another person has to.",
        "credentials_not_own" => "Choose your own password and one-time secret first (POST /auth/credentials): whoever made your account still knows these.",
        "approval_expired" => "It waited for more than seven days; propose it again.",
        _ => "It was decided already.",
    };

    private static ApiException Unknown() => ApiException.NotFound("There is no such operation.");

    private static object View(Approval a) => new
    {
        a.Id,
        a.Kind,
        payload = JsonElement.Parse(a.Payload),
        a.Reason,
        state = a.State.ToString().ToLowerInvariant(),
        a.ProposedBy,
        a.ProposedAt,
        timelockSeconds = (long)a.Timelock.TotalSeconds,
        a.DecidedBy,
        a.DecidedAt,
        a.ExecuteAt,
        a.Outcome,
    };
}
