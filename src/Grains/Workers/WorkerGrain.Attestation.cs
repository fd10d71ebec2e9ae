using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CocoonPool.Domain.Attestation;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Participants;

namespace CocoonPool.Grains.Workers;

// Attestation: what lets a worker in, and what shuts it out again.
public sealed partial class WorkerGrain
{
    public async Task<Outcome<WorkerDescription>> Attest()
    {
        // The pool's policy is "off" until quotes are verified: the evidence is said to be none, and the worker may go on.
        if (record.State.State != WorkerState.Registered && record.State.Registration is not null)
            return Outcome<WorkerDescription>.Done(DescribeNow());
        return await Apply(WorkerCommand.Attest, "attestation is off in this pool", r => r with { AttestationVerdict = "unverified" });
    }

    /// <summary>
    /// The report is durable before the worker is shut out: whoever repeats this after a crash in between files the same report and
    /// finds the worker as it was left.
    /// </summary>
    public async Task<Outcome<WorkerDescription>> RejectAttestation(AttestationRejection rejection)
    {
        if (record.State.Registration is not { } registration)
            return NotRegistered();
        if (AttestationRules.IsOffence(rejection.Fault))
            await Report([Rejected(registration, rejection)]);
        return record.State.State == WorkerState.Quarantined
            ? Outcome<WorkerDescription>.Done(DescribeNow())
            : await Apply(WorkerCommand.RejectAttestation, AttestationRules.Describe(rejection.Fault), r => r with { AttestationVerdict = "rejected" });
    }

    /// <summary>The same evidence is the same report, however often it is rejected.</summary>
    private MisconductReport Rejected(WorkerRegistration registration, AttestationRejection rejection)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{rejection.Fault}\n{rejection.Evidence}")).AsSpan(0, 8));
        return new(
            $"attestation/{Id}/{digest}", registration.Participant, Id, SlashOffence.InvalidAttestation,
            $"Worker {Id}: {AttestationRules.Describe(rejection.Fault)}. {rejection.Reason}",
            JsonSerializer.Serialize(new { fault = rejection.Fault.ToString(), evidence = rejection.Evidence, public_key = registration.PublicKey }, DomainJson.Options),
            time.GetUtcNow());
    }
}
