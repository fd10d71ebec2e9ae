using CocoonPool.Domain.Workers;
using CocoonPool.Grains;
using CocoonPool.Grains.Workers;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Live;

/// <summary>
/// <c>WS /ws/workers</c>: first every worker as it stands, then each change of state with its cause. Participants are told of their own
/// workers alone. Changes are looked for once a second: of two within one second the later is told.
/// </summary>
public sealed class WorkersSocket(IWorkerDirectory workers, PoolSettings settings, Audience audience, TimeProvider time, ILogger<WorkersSocket> log)
    : LivePicture<IReadOnlyList<WorkerDescription>>(time, log)
{
    public Task Serve(HttpContext context)
    {
        var holder = context.Holder()!;
        var owner = string.Equals(holder.Role, Permissions.ParticipantRole, StringComparison.Ordinal) ? holder.Subject : null;
        return audience.Seat(context, [async (listener, gone) =>
        {
            var told = new Dictionary<WorkerId, WorkerDescription>();
            var isFirst = true;
            while (true)
            {
                var changed = (await Next(gone)).Where(w => IsFor(owner, w) && !(told.TryGetValue(w.Id, out var before) && IsSame(before, w))).ToList();
                foreach (var frame in isFirst ? [Picture(changed)] : changed.Select(w => Change(told.GetValueOrDefault(w.Id), w)))
                    await listener.Send(frame, gone);
                foreach (var worker in changed)
                    told[worker.Id] = worker;
                isFirst = false;
            }
        }]);
    }

    protected override async Task<IReadOnlyList<WorkerDescription>> Make(CancellationToken cancellationToken) => await workers.List(settings.Id, cancellationToken);

    private static bool IsFor(string? owner, WorkerDescription worker) =>
        owner is null || string.Equals(worker.Registration.Participant.ToString(), owner, StringComparison.Ordinal);

    private static bool IsSame(WorkerDescription before, WorkerDescription now) => (before.State, before.StateCause, before.StateSince) == (now.State, now.StateCause, now.StateSince);

    private static object Picture(IEnumerable<WorkerDescription> workers) =>
        new { type = "workers", workers = workers.Select(w => new { workerId = w.Id, participantAddress = w.Registration.Participant, status = w.State, cause = w.StateCause, since = w.StateSince }) };

    /// <param name="before">Null for a worker that is new.</param>
    private static object Change(WorkerDescription? before, WorkerDescription now) => new
    {
        type = "worker_status",
        workerId = now.Id,
        participantAddress = now.Registration.Participant,
        from = before?.State,
        status = now.State,
        cause = now.StateCause,
        at = now.StateSince,
    };
}
