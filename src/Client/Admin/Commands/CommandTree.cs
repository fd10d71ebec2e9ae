using System.CommandLine;
using System.CommandLine.Help;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Contracts;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary>All commands. Each group has a file of its own.</summary>
internal static class CommandTree
{
    public static RootCommand Build(GlobalOptions options, PoolCommands pool, Screen screen)
    {
        var root = new RootCommand("The operator's command line of a Cocoon pool.")
        {
            options.Url, options.KeyFile, options.State, options.Json, options.Engine,
            PoolGroup.Status(pool),
            PoolGroup.Health(pool),
            ParameterCommands.Create(pool),
            MaintenanceGroup.Create(pool),
            WorkerGroup.Create(pool),
            ParticipantGroup.Create(pool),
            EpochGroup.Create(pool, screen),
            ContributionGroup.Create(pool),
            SettlementGroup.Create(pool),
            PaymentGroup.Create(pool),
            ContractsGroup.Create(pool),
            LedgerGroup.Create(pool),
            LogIn.Create(pool),
            UserGroup.Create(pool),
            KeyGroup.Create(pool),
            AuditGroup.Create(pool),
            ApprovalGroup.Create(pool),
            WebhookGroup.Create(pool),
            ConfigGroup.Create(pool),
            VerifyEpoch.Create(options, screen),
        };
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new ExampledHelp((HelpAction)help.Action!, ["status", "worker list --status active", "epoch finalize --dry-run", "verify-epoch epoch-7.json"]);
        return root;
    }
}
