"""What résumés say that names nobody: around it people are planted, and all of it must stay."""

FRAMES = (
    "{}",
    "{} | Senior Data Engineer",
    "Contact: {}",
    "CV of {}",
    "• {}",
    "Reach me: {}, any time",
)
"""The lines in which something stands about a person."""

LINES = (
    "Professional Summary",
    "Data engineer with 9 years of experience in Python, Java, C++, C#, Go, R and R&D.",
    "Led a team of 12 engineers; cut costs by 35 % (EUR 1,250,000) between 2015 and 2018.",
    "01/2015 - 03/2018 Software Engineer, 04.2018 – 12.2021 Team Lead, 2022-2024 CTO",
    "Built services with Node.js/Express, ASP.NET/C#, Vue.js, D3.js and Socket.io.",
    "Worked with TCP/IP, CI/CD, HTML5/CSS3, OAuth 2.0, ISO 27001, IEC 61508 and SOC 2.",
    "Order no. 12345678, invoice 2023-000417, 100,000 units, version 3.11.7",
    "Responsible for disability services and for children with disabilities at a Catholic charity.",
    "Taught blind and deaf students; trained wheelchair basketball coaches.",
    "Supported members of the team in the church restoration project.",
    "Managed engineering, marketing, weaving, planning and a ring of 30 dealers.",
    "Won 1st place of 250 in the 2019 national competition; 3rd place in 2020.",
    "Clerk at the District Court in 2012; paralegal at the Supreme Court, 2014 Way of Work award.",
    "Ran Facebook ads, Twitter campaigns and LinkedIn Learning courses.",
    "Skills: Git, GitHub Actions, Jenkins, Terraform, Kubernetes 1.27, PostgreSQL 15",
    "Languages: English (C1), German (B2), French (native)",
    "Education: MSc Computer Science, University of Leeds, 2009 - 2011, grade 1.3",
    "Drove the road map, set the pace and placed 40 graduates in jobs a year.",
    "Baked bread, sold 15 kinds of cake and kept the books; cook, cleaner and baker by trade.",
    "Maintained a fleet of 120 vehicles on route 66 and the M25, 24/7.",
    "Born leader who will mark the way; grace under pressure; rose to the occasion.",
    "Sales grew from 1.2 to 3.4 million; margin 12.5 % in Q3 2021; 98.5 % on time.",
    "Experience of age 6 to 12 groups; aged care; the stone and moss of garden design.",
    "z.B. 3 Sprachen, e.g. C. elegans, at home in C++ / C# @ scale",
    "Religious education teacher; taught world religions; faith-based partnerships.",
    "Sex education, gender studies and nationality law were among the modules.",
)
