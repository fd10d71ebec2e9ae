using System.Net;
using CocoonPool.Client.Agent.Configuration;
using CocoonPool.Client.Agent.Keys;
using CocoonPool.Client.Agent.Link;
using CocoonPool.Client.Agent.Monitoring;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Client.Agent.Registration;

/// <summary>Trying again does not help: somebody has to change something first.</summary>
internal sealed class RegistrationRefusedException(string message) : Exception(message);

/// <summary>
/// Brings the worker to the state in which it may serve: registered, attested, active. What only needs patience, such as a
/// stake that has not arrived, is tried again with the reason in the log.
/// </summary>
internal sealed partial class Registrar(
    PoolApi api, AgentConfiguration configuration, WorkerId id, WorkerKey key, AgentStatus status, AgentTiming timing, TimeProvider time, ILogger<Registrar> logger)
{
    /// <exception cref="RegistrationRefusedException">See its message.</exception>
    public async Task EnsureActive(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(timing.ReconnectFirst * 2, timing.ReconnectLongest, Random.Shared.NextDouble);
        while (true)
        {
            string problem;
            try
            {
                var worker = await api.Register(await Request(cancellationToken), cancellationToken);
                LogState(worker.State);
                if (await Advance(worker, cancellationToken))
                    return;
                problem = $"the worker is still {worker.State}";
            }
            catch (PoolRefusedException refusal) when (refusal.Status is HttpStatusCode.BadRequest || refusal.Code is "conflict")
            {
                throw new RegistrationRefusedException($"{refusal.Code}: {refusal.Message}");
            }
            catch (PoolRefusedException refusal)
            {
                problem = $"{refusal.Code}: {refusal.Message}";
            }
            catch (HttpRequestException exception)
            {
                problem = exception.Message;
            }
            var pause = backoff.Next();
            status.Registering(problem);
            LogNotYet(problem, pause.TotalSeconds);
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task<bool> Advance(WorkerDocument worker, CancellationToken cancellationToken)
    {
        // At most attest and then activate; a state that does not move ends the round.
        for (var step = 0; step < 3; step++)
        {
            var command = worker.State.ToLowerInvariant() switch
            {
                "registered" => "attest",
                "attested" or "draining" or "drained" => "activate",
                "active" or "degraded" or "inactive" => null,
                var state => throw new RegistrationRefusedException($"the worker is {state} ({worker.StateCause}); ask the pool's operator."),
            };
            if (command is null)
                return true;
            worker = await api.Command(id.Value, command, cancellationToken);
            LogState(worker.State);
        }
        return false;
    }

    private async Task<RegisterRequest> Request(CancellationToken cancellationToken)
    {
        var worker = configuration.Worker;
        var gpus = (await GpuProbe.Ask(cancellationToken)).Where(gpu => worker.GpuDevices.Contains(gpu.Index)).ToList();
        var memoryGb = (int)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024L * 1024 * 1024));
        return new RegisterRequest(
            id.Value,
            worker.Participant.ToString(),
            new HardwareDocument(gpus.Count > 0 ? gpus[0].Model : "unknown", worker.GpuDevices.Length, gpus.Sum(gpu => gpu.MemoryGb), Environment.ProcessorCount, memoryGb),
            [.. configuration.Models.Select(model => new ModelDocument(model.Name, model.MaxContextLength, model.MaxConcurrency))],
            worker.Coefficient,
            worker.Region,
            AgentSoftware.Name,
            Convert.ToBase64String(key.PublicKey));
    }
}
