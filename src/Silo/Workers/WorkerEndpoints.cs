using CocoonPool.Domain.Workers;
using CocoonPool.Grains;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Audit;

namespace CocoonPool.Silo.Workers;

/// <summary>Workers: registration, state changes, views.</summary>
public static class WorkerEndpoints
{
    public sealed record HardwareBody(string GpuModel, int GpuCount, int VramGb, int CpuCores, int RamGb);

    public sealed record ModelBody(string Name, int MaxContextLength, int MaxConcurrency);

    public sealed record RegisterWorker(
        string WorkerId, string ParticipantAddress, HardwareBody Hardware, ModelBody[] Models, int Coefficient, string Region, string Software, string PublicKey);

    public sealed record Reason(string? Cause);

    public static void MapWorkers(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/workers/register", Register).Requires(Permission.ManageWorker).WithSummary("Registers a worker for a participant.");
        routes.MapGet("/api/v1/workers", List).Requires(Permission.ReadAll).WithSummary("All workers.");
        routes.MapGet("/api/v1/workers/{id}", Get).Requires(Permission.ReadWorker).WithSummary("One worker.");
        Command(routes, "attest", Permission.ManageWorker, (worker, _) => worker.Attest());
        Command(routes, "activate", Permission.ManageWorker, (worker, _) => worker.Activate());
        Command(routes, "drain", Permission.ManageWorker, (worker, cause) => worker.Drain(cause));
        Command(routes, "deactivate", Permission.ManageWorker, (worker, cause) => worker.Deactivate(cause));
        Command(routes, "quarantine", Permission.Operate, (worker, cause) => worker.Quarantine(cause));
        routes.MapAttestation();
    }

    private static async Task<IResult> Register(RegisterWorker body, HttpContext context, IGrainFactory grains, PoolSettings settings)
    {
        var participant = Names.Address(body.ParticipantAddress, settings);
        context.MustBe(participant);
        var id = Names.Worker(body.WorkerId);
        if (body is { Hardware: null } or { Models: null } or { Region: null } or { Software: null } || body.Hardware.GpuModel is null || Array.Exists(body.Models, m => m?.Name is null))
            throw ApiException.Invalid("hardware, models, region and software are needed, as /openapi/v1.json shows them.");
        var registration = new WorkerRegistration(
            participant, body.Hardware.GpuModel, body.Hardware.GpuCount, body.Hardware.VramGb, body.Hardware.CpuCores, body.Hardware.RamGb,
            [.. body.Models.Select(m => new ModelOffer(m.Name, m.MaxContextLength, m.MaxConcurrency))],
            body.Coefficient, body.Region, body.Software, PublicKey(body.PublicKey));
        var grain = Grain(grains, settings, id);
        var known = await grain.Describe() is not null;
        return Results.Json(View((await grain.Register(registration)).OrThrow()), ApiJson.Options, statusCode: known ? 200 : 201);
    }

    private static async Task<object> List(
        IWorkerDirectory directory, IGrainFactory grains, PoolSettings settings, string? status, string? model, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var workers = (await directory.List(settings.Id, cancellationToken))
            .Where(w => status is null || string.Equals(w.State.ToString(), status, StringComparison.OrdinalIgnoreCase))
            .Where(w => model is null || w.Registration.Models.Any(m => string.Equals(m.Name, model, StringComparison.Ordinal)));
        return ApiJson.Page([.. (await Live(workers, grains, settings)).Select(View)], limit, cursor);
    }

    private static async Task<object> Get(string id, HttpContext context, IGrainFactory grains, PoolSettings settings)
    {
        var worker = await Grain(grains, settings, Names.Worker(id)).Describe() ?? throw ApiException.NotFound($"There is no worker '{id}'.");
        context.MustBe(worker.Registration.Participant);
        return View(worker);
    }

    private static void Command(IEndpointRouteBuilder routes, string verb, Permission permission, Func<IWorkerGrain, string, Task<Outcome<WorkerDescription>>> run) =>
        routes.MapPost($"/api/v1/workers/{{id}}/{verb}", async (string id, Reason? body, HttpContext context, IGrainFactory grains, PoolSettings settings) =>
        {
            var grain = Grain(grains, settings, Names.Worker(id));
            var worker = await grain.Describe() ?? throw ApiException.NotFound($"There is no worker '{id}'.");
            context.MustBe(worker.Registration.Participant);
            if (body?.Cause is { Length: > 200 })
                throw ApiException.Invalid("cause is a short text.");
            context.Audit(before: new { worker.State, worker.StateCause });
            return View((await run(grain, body?.Cause ?? $"{verb} by {context.Holder()!.Role}")).OrThrow());
        }).Requires(permission).WithSummary($"Worker: {verb}.");

    /// <summary>What the grains say now; the directory alone does not know streams, heartbeats and running tasks.</summary>
    public static async Task<WorkerDescription[]> Live(IEnumerable<WorkerDescription> workers, IGrainFactory grains, PoolSettings settings) =>
        await Task.WhenAll(workers.Select(async w => await Grain(grains, settings, w.Id).Describe() ?? w));

    private static IWorkerGrain Grain(IGrainFactory grains, PoolSettings settings, WorkerId id) => grains.GetGrain<IWorkerGrain>(GrainKeys.Worker(settings.Id, id));

    private static byte[] PublicKey(string text)
    {
        var bytes = new byte[256];
        return text is { Length: <= 300 } && Convert.TryFromBase64String(text, bytes, out var length)
            ? bytes[..length]
            : throw ApiException.Invalid("public_key is an ECDSA P-256 key as SubjectPublicKeyInfo in base64; `cocoon-worker keys` prints it.");
    }

    public static object View(WorkerDescription worker) => new
    {
        worker.Id,
        participantAddress = worker.Registration.Participant,
        worker.State,
        worker.StateCause,
        worker.StateSince,
        worker.Connected,
        worker.RunningTasks,
        worker.LastHeartbeatAt,
        attestation = new { verdict = worker.AttestationVerdict },
        hardware = new
        {
            worker.Registration.GpuModel,
            worker.Registration.GpuCount,
            worker.Registration.VramGb,
            worker.Registration.CpuCores,
            worker.Registration.RamGb,
        },
        models = worker.Registration.Models.Select(m => new { m.Name, m.MaxContextLength, m.MaxConcurrency }),
        worker.Registration.Coefficient,
        worker.Registration.Region,
        worker.Registration.Software,
    };

    /// <summary>
    /// What everybody may see of a worker. Why it changed state, in an operator's words or the pool's, what it runs and whether it is attested
    /// are its participant's and the operators' business.
    /// </summary>
    public static object PublicView(WorkerDescription worker) => new
    {
        worker.Id,
        participantAddress = worker.Registration.Participant,
        worker.State,
        worker.StateSince,
        worker.Connected,
        worker.RunningTasks,
        worker.LastHeartbeatAt,
        hardware = new { worker.Registration.GpuModel, worker.Registration.GpuCount, worker.Registration.VramGb },
        models = worker.Registration.Models.Select(m => new { m.Name, m.MaxContextLength, m.MaxConcurrency }),
        worker.Registration.Coefficient,
    };
}
