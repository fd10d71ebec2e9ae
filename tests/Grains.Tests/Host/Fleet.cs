using System.Security.Cryptography;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Workers;

namespace CocoonPool.Grains.Tests.Host;

/// <summary>A participant with a stake and one active worker, as a test needs them.</summary>
internal sealed class Member(PoolHost host, byte number) : IDisposable
{
    public const string Model = "demo";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TonAddress Address { get; } = new(0, Enumerable.Repeat(number, 32).ToArray());

    public WorkerId WorkerId { get; } = new($"worker-{number}");

    public string StreamId => $"stream-{WorkerId}";

    public IWorkerGrain Worker => host.Grains.GetGrain<IWorkerGrain>(GrainKeys.Worker(PoolHost.PoolId, WorkerId));

    public IParticipantGrain Participant => host.Grains.GetGrain<IParticipantGrain>(GrainKeys.Participant(PoolHost.PoolId, Address));

    /// <summary>Registers, stakes and brings the worker to active with an open stream.</summary>
    public static async Task<Member> Join(PoolHost host, byte number)
    {
        var member = new Member(host, number);
        (await member.Participant.Register()).Accepted.ShouldBeTrue();
        host.Chain.Stake(member.Address, Nanotons.FromTon(100), host.Time.GetUtcNow());
        await host.Grains.GetGrain<IStakeWatchGrain>(PoolHost.PoolId).Sweep();
        (await member.Worker.Register(member.Registration())).Message.ShouldBe("done");
        await member.Worker.Attest();
        (await member.Worker.Activate()).Message.ShouldBe("done");
        host.Links.Open.Add(member.StreamId);
        (await member.Worker.OpenStream(new(member.StreamId, "test"))).Accepted.ShouldBeTrue();
        return member;
    }

    public WorkerRegistration Registration() => new(
        Address, "H100", 1, 80, 16, 64, [new(Model, 4096, 8)], 1000, "test", "test", _key.ExportSubjectPublicKeyInfo());

    /// <summary>Runs a task through the grain as the gateway does, and answers the ticket.</summary>
    /// <param name="assignedAt">What the clock of the server says that assigns it, when it is another one.</param>
    public async Task<(TaskId Task, string Ticket)> Serve(string task, DateTimeOffset? assignedAt = null)
    {
        var id = new TaskId(task);
        var ticket = host.Get<AssignmentTickets>().Issue(PoolHost.PoolId, id, WorkerId, new(Model, assignedAt ?? host.Time.GetUtcNow(), 1_000, 1_000));
        await foreach (var _ in Worker.Execute(new(id, ticket, "chat/completions", Model, true, [])))
        {
        }
        return (id, ticket);
    }

    public Receipt Receipt(TaskId task, long completion, long prompt = 5, TaskOutcome outcome = TaskOutcome.Success)
    {
        var now = host.Time.GetUtcNow();
        var tokens = new TokenCounts(prompt, 0, completion, 0);
        return new(task, WorkerId, Address, Model, tokens, AdjustedTokens.Of(tokens, new(), 1000), 100, 10, outcome, now, now);
    }

    public SignedReceipts Sign(params (Receipt Receipt, string Ticket)[] receipts)
    {
        var root = MerkleTree.Root([.. receipts.Select(r => MerkleTree.LeafHash(r.Receipt.CanonicalBytes()))]);
        return new(root, _key.SignData(ReceiptSignature.SignedBytes(root), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            [.. receipts.Select(r => new SubmittedReceipt(r.Receipt.CanonicalBytes(), r.Ticket))]);
    }

    /// <summary>Serves one task and submits its receipt.</summary>
    public async Task Contribute(string task, int tokens)
    {
        host.Links.Tokens = tokens;
        var (id, ticket) = await Serve(task);
        (await Worker.SubmitReceipts(Sign((Receipt(id, tokens), ticket)))).Acknowledged.ShouldBe([task]);
    }

    /// <summary>Heartbeats every second for the given time.</summary>
    public async Task StayOnline(int seconds, long firstSequence = 1)
    {
        for (var i = 0; i <= seconds; i++)
        {
            (await Worker.Heartbeat(new(StreamId, firstSequence + i, 0, 0))).Accepted.ShouldBeTrue();
            if (i < seconds)
                host.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    public void Dispose() => _key.Dispose();
}
